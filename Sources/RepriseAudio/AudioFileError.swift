import RepriseSystem

/// Why a file could not be read as audio, or audio could not be written.
public struct AudioFileError: Error, Equatable, CustomStringConvertible {
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

  /// What kind of trouble.
  public let code: Code
  /// The path as it was given.
  public let path: String
  /// What was wrong and what to do next, without the path.
  public let message: String

  /// An error about one file.
  public init(_ code: Code, path: String, message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  /// One sentence: where, what, and what to do next.
  public var description: String { "\(path): \(message)" }
}

extension AudioFileError {
  /// The same trouble as the file system told it.
  init(_ error: FileError) {
    let code: Code =
      switch error.code {
      case .missing, .folderMissing, .notFolder, .linkLoop: .missing
      case .isFolder: .isFolder
      case .special: .notRegular
      case .notPermitted: .notPermitted
      case .diskFull, .quotaUsedUp: .diskFull
      case .exists, .readOnly, .nameTooLong, .tooManyOpen, .fileTooLarge, .system: .io
      }
    // FileError's description begins with the path, which ours adds itself.
    let text = error.description
    let prefix = "\(error.path): "
    self.init(code, path: error.path, message: text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
  }

  /// The error for a file that lost bytes it had when it was opened.
  static func changed(_ path: String) -> AudioFileError {
    AudioFileError(
      .io, path: path, message: "became shorter, or could not be read on, while it was looked at; try again")
  }

  /// The error for work that was asked to stop.
  static func cancelled(_ path: String) -> AudioFileError {
    AudioFileError(.cancelled, path: path, message: "interrupted")
  }
}
