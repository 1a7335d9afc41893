public import SystemPackage

/// Why a scan, or the preparation of a library, could not go on.
public struct ScanError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failures callers tell apart.
  public enum Code: Sendable {
    /// Worker processes can't be started.
    case noWorker
    /// The list of files can't be read.
    case badList
    /// No place for temporary data, or for outputs.
    case noRoom
    /// The cache can't be used.
    case cache
    /// The record of a directory of prepared files can't be used, or another run uses it.
    case record
    /// Where an output should be is something else, or another file system.
    case place
    /// The program that makes fingerprints is missing or does not work.
    case noFingerprinter
    /// The task that scans was cancelled.
    case cancelled
  }

  /// What exactly failed, with its numbers.
  package enum Reason: Sendable {
    /// No program was named that is a worker.
    case noWorkerProgram
    /// A program could not be started.
    case workerNotStarted(program: String, errno: Int32)
    /// No pipe to a worker could be made.
    case pipeNotMade(errno: Int32)
    /// So many workers in a row ended before they said their greeting; how the last one did.
    case workersEndedEarly(count: Int, last: ProcessExit)
    /// A program's responses are none of a worker's.
    case workerMalformed(program: String)
    /// A list has more than so many bytes without a zero byte between them.
    case listWithoutZeros(longest: Int)
    /// Results that wait for their turn could not be written to the directory for temporary files.
    case temporaryFileUnwritten(errno: Int32)
    /// Results that waited for their turn could not be read again.
    case temporaryFileUnreadable
    /// A temporary database failed, with SQLite's message.
    case temporaryDatabase(message: String)
    /// The disk of a path is full.
    case diskFull
    /// A worker had no room for its output; the message is what the worker's own presentation made of it.
    case workerOutOfRoom(message: String)
    /// The cache can't be used, with SQLite's or the system's message.
    case cacheUnusable(message: String)
    /// The record of what was prepared can't be used, with SQLite's or the system's message.
    case recordUnusable(message: String)
    /// Another run prepares files to the directory.
    case directoryInUse
    /// A file of our own is a link, or no regular file.
    case noRegularFile
    /// A directory is wanted where a link or a file is.
    case noDirectory
    /// An output's place is on another file system than the directory where outputs are made.
    case otherFileSystem(staging: String)
    /// A directory is where the manifest goes.
    case manifestIsDirectory
    /// A manifest is there that is not as an earlier run wrote it.
    case manifestIsForeign
    /// `fpcalc` is in none of the directories that were searched.
    case noFingerprinter
    /// A program does not say its version; how it ended, `nil` if it had to be ended.
    case fingerprinterWithoutVersion(program: String, exit: ProcessExit?)
    /// The task that scans was cancelled.
    case cancelled
  }

  /// The file or directory that the failure is about, if it is about one.
  public let path: FilePath?
  /// The error that caused this one, if any.
  public let underlying: (any Error)?
  /// What exactly failed.
  package let reason: Reason

  /// A failure.
  ///
  /// - Parameters:
  ///   - reason: what exactly failed.
  ///   - path: the file or directory that it is about.
  ///   - underlying: the error that caused it.
  package init(_ reason: Reason, path: String? = nil, underlying: (any Error)? = nil) {
    self.reason = reason
    self.path = path.map { FilePath($0) }
    self.underlying = underlying
    pathText = path
  }

  /// `path` as it was given: a `FilePath` drops a slash at the end.
  package let pathText: String?

  /// What kind of failure.
  public var code: Code {
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

  /// What failed, in short.
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
