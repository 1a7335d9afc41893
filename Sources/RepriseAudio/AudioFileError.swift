import RepriseSystem

/// Why a file could not be read as audio, or audio could not be written.
public struct AudioFileError: Error, Equatable, Codable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable, Codable {
    /// There is no such file.
    case missing
    /// A file is wanted and this is a folder.
    case isFolder
    /// A pipe, socket or device: it has no length and may never end, so it is never opened.
    case notRegular
    /// The user may not read it.
    case notPermitted
    /// The file holds no bytes.
    case empty
    /// The bytes are no audio at all.
    case notAudio
    /// Audio, but none of mp3, wav and flac, or an encoding inside them that is not decoded.
    case unsupportedFormat
    /// The bytes claim to be audio and make no sense.
    case corrupt
    /// The file ends before its audio does.
    case truncated
    /// The system failed to read or write.
    case io
    /// There is no room on the disk.
    case diskFull
    /// The work was asked to stop.
    case cancelled
  }

  /// The path as it was given.
  public let path: String
  /// What was wrong, with its numbers.
  package let problem: AudioFileProblem

  /// Creates an error about one file.
  ///
  /// - Parameters:
  ///   - path: the file's path as it was given.
  ///   - problem: what was wrong with it.
  package init(path: String, _ problem: AudioFileProblem) {
    self.path = path
    self.problem = problem
  }

  /// The kind of trouble.
  public var code: Code { problem.code }

  /// The error of the file system that caused this one; `nil` if there is none.
  public var underlying: (any Error)? {
    if case .file(let error) = problem { error } else { nil }
  }

  /// The path and the fact.
  public var description: String { "\(path): \(problem)" }
}

extension AudioFileError {
  /// Creates the error of the file system's own error.
  init(_ error: FileError) { self.init(path: error.path, .file(error)) }

  /// Returns the same error about another path.
  package func at(_ path: String) -> AudioFileError { AudioFileError(path: path, problem) }

  /// Returns the error for a file that lost bytes it had when it was opened.
  static func changed(_ path: String) -> AudioFileError { AudioFileError(path: path, .changedMeanwhile) }

  /// Returns the error for work that was asked to stop.
  static func cancelled(_ path: String) -> AudioFileError { AudioFileError(path: path, .interrupted) }
}
