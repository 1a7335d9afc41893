import RepriseSystem

/// An error that keeps a file from being read as audio, or audio from being written.
public struct AudioFileError: Error, Equatable, Codable, CustomStringConvertible {
  /// The kinds of error that callers distinguish.
  public enum Code: String, Sendable, Codable {
    /// No such file exists.
    case missing
    /// The path of a file leads to a directory.
    case isDirectory
    /// A pipe, socket or device, which has no length and may never end; such a file is never opened.
    case notRegular
    /// The user may not read the file.
    case notPermitted
    /// The file is empty.
    case empty
    /// The content is not audio.
    case notAudio
    /// Audio of a format other than mp3, wav and flac, or with an encoding that is not decoded.
    case unsupportedFormat
    /// The content claims to be audio but is invalid.
    case corrupt
    /// The file ends before its audio does.
    case truncated
    /// The system failed to read or write.
    case io
    /// The disk is full.
    case diskFull
    /// The work was cancelled.
    case cancelled
  }

  /// Path as it was given.
  package let path: String
  /// Cause of the error, with its numbers.
  package let problem: AudioFileProblem

  /// Creates an error about one file.
  ///
  /// - Parameters:
  ///   - path: The path of the file as it was given.
  ///   - problem: The cause of the error.
  package init(path: String, _ problem: AudioFileProblem) {
    self.path = path
    self.problem = problem
  }

  /// Kind of error.
  public var code: Code { problem.code }

  /// Error of the file system that caused this one; `nil` if there is none.
  public var underlying: (any Error)? {
    if case .file(let error) = problem { error } else { nil }
  }

  /// Path and cause.
  public var description: String { "\(path): \(problem)" }
}

extension AudioFileError {
  /// Creates an error from an error of the file system.
  init(_ error: FileError) { self.init(path: error.path, .file(error)) }

  /// Returns this error for another path.
  package func at(_ path: String) -> AudioFileError { AudioFileError(path: path, problem) }

  /// Returns the error for a file that lost bytes it had when it was opened.
  static func changed(_ path: String) -> AudioFileError { AudioFileError(path: path, .changedMeanwhile) }

  /// Returns the error for cancelled work.
  static func cancelled(_ path: String) -> AudioFileError { AudioFileError(path: path, .interrupted) }
}
