/// Why a recording cannot be made to fit.
public struct PreparationError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable {
    /// The inspection rejected it.
    case unusable
    /// The times asked for make no sense together, or not for this recording.
    case badRange
    /// What would be left is shorter than the service takes.
    case tooShort
    /// It is too long, and may not be cut.
    case tooLong
    /// No format the service takes, or the one asked for, fits.
    case noFit
    /// The output is the input.
    case sameFile
    /// The file is not the one that was inspected any more.
    case changed
    /// The plan depends on the samples, and no `survey` of them was given.
    case unmeasured
  }

  /// What kind of trouble.
  public let code: Code
  /// The recording's path as it was given.
  public let path: String
  /// What was wrong, by how much, and what to do next, without the path.
  public let message: String

  init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  /// One sentence: where, what, and what to do next.
  public var description: String { "\(path): \(message)" }
}

extension PreparationError {
  /// The same error about another path.
  package func at(_ path: String) -> PreparationError { PreparationError(code, path: path, message) }
}
