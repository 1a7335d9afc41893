package import RepriseSystem
public import SystemPackage

/// The reason why a scan, or the preparation of a library, could not go on.
public struct ScanError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failures that callers tell apart.
  package enum Code: Sendable {
    /// Worker processes can't be started.
    case noWorker
    /// The list of files can't be read.
    case badList
    /// There is no room for temporary data, or for outputs.
    case noRoom
    /// The cache can't be used.
    case cache
    /// The record of a directory of prepared files can't be used, or another run uses it.
    case record
    /// An output's path is taken by another item, or is on another file system.
    case place
    /// The program that makes fingerprints is missing or does not work.
    case noFingerprinter
    /// The task that scans was cancelled.
    case cancelled
  }

  /// The exact failure, with its numbers.
  package enum Reason: Sendable {
    /// No worker program was given.
    case noWorkerProgram
    /// A program could not be started.
    case workerNotStarted(program: String, errno: Int32)
    /// No pipe to a worker could be made.
    case pipeNotMade(errno: Int32)
    /// Number of workers in a row that ended before their greeting, and the exit of the last one.
    case workersEndedEarly(count: Int, last: ProcessExit)
    /// A program's responses are not a worker's.
    case workerMalformed(program: String)
    /// A list has more than `longest` bytes without a zero byte between them.
    case listWithoutZeros(longest: Int)
    /// Results waiting for their turn could not be written to the directory for temporary files.
    case temporaryFileUnwritten(errno: Int32)
    /// Results waiting for their turn could not be read again.
    case temporaryFileUnreadable
    /// A temporary database failed, with SQLite's message.
    case temporaryDatabase(message: String)
    /// The disk that a path is on is full.
    case diskFull
    /// A worker had no room for its output; the worker's own presentation made the message.
    case workerOutOfRoom(message: String)
    /// The cache can't be used, with SQLite's or the system's message.
    case cacheUnusable(message: String)
    /// The record of what was prepared can't be used, with SQLite's or the system's message.
    case recordUnusable(message: String)
    /// Another run prepares files to the directory.
    case directoryInUse
    /// One of Reprise's own files is a link, or not a regular file.
    case noRegularFile
    /// A link or a file is at a path that requires a directory.
    case noDirectory
    /// An output's final path is on another file system than the directory in which outputs are made.
    case otherFileSystem(staging: String)
    /// A directory is at the manifest's path.
    case manifestIsDirectory
    /// A manifest exists that differs from the one an earlier run wrote.
    case manifestIsForeign
    /// `fpcalc` is in none of the directories that were searched.
    case noFingerprinter
    /// A program does not report its version; its exit, `nil` if it had to be killed.
    case fingerprinterWithoutVersion(program: String, exit: ProcessExit?)
    /// The task that scans was cancelled.
    case cancelled
  }

  /// The file or directory that the failure concerns, if any.
  public let path: FilePath?
  /// The error that caused this one, if any.
  public let underlying: (any Error)?
  /// The exact failure.
  package let reason: Reason

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - reason: The exact failure.
  ///   - path: The file or directory that the failure concerns.
  ///   - underlying: The error that caused the failure.
  package init(_ reason: Reason, path: String? = nil, underlying: (any Error)? = nil) {
    self.reason = reason
    self.path = path.map { FilePath($0) }
    self.underlying = underlying
    pathText = path
  }

  /// `path` as it was given: a `FilePath` drops a slash at the end.
  package let pathText: String?

  /// The kind of failure.
  package var code: Code {
    switch reason {
    case .noWorkerProgram, .workerNotStarted, .pipeNotMade, .workersEndedEarly, .workerMalformed: .noWorker
    case .listWithoutZeros: .badList
    case .temporaryFileUnwritten, .temporaryFileUnreadable, .temporaryDatabase, .diskFull, .workerOutOfRoom: .noRoom
    case .cacheUnusable: .cache
    case .recordUnusable, .directoryInUse, .noRegularFile: .record
    case .noDirectory, .otherFileSystem, .manifestIsDirectory, .manifestIsForeign: .place
    case .noFingerprinter, .fingerprinterWithoutVersion: .noFingerprinter
    case .cancelled: .cancelled
    }
  }

  /// A short description of the failure.
  public var description: String {
    let fact =
      switch reason {
      case .noWorkerProgram: "no worker program"
      case .workerNotStarted(let program, let errno): "cannot start \(program): \(Errno(rawValue: errno))"
      case .pipeNotMade(let errno): "cannot make a pipe: \(Errno(rawValue: errno))"
      case .workersEndedEarly(let count, let last): "\(count) workers ended before they began (\(last))"
      case .workerMalformed(let program): "\(program) is not a worker of this version"
      case .listWithoutZeros(let longest): "more than \(longest) bytes without a zero byte"
      case .temporaryFileUnwritten(let errno): "cannot write a temporary file: \(Errno(rawValue: errno))"
      case .temporaryFileUnreadable: "cannot read a temporary file"
      case .temporaryDatabase(let message): "temporary database: \(message)"
      case .diskFull: "disk full"
      case .workerOutOfRoom(let message): message
      case .cacheUnusable(let message): "cache unusable: \(message)"
      case .recordUnusable(let message): "record unusable: \(message)"
      case .directoryInUse: "in use by another run"
      case .noRegularFile: "not a regular file"
      case .noDirectory: "not a directory"
      case .otherFileSystem(let staging): "not on the file system of \(staging)"
      case .manifestIsDirectory: "a directory, where the manifest goes"
      case .manifestIsForeign: "not as an earlier run wrote it"
      case .noFingerprinter: "fpcalc not found"
      case .fingerprinterWithoutVersion(let program, let exit):
        "\(program) does not tell its version (\(exit?.description ?? "timed out"))"
      case .cancelled: "cancelled"
      }
    return pathText.map { "\($0): \(fact)" } ?? fact
  }
}
