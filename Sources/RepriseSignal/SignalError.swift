/// Why a signal could not be processed.
public struct SignalError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: Sendable {
    /// A sample rate the method cannot work at.
    case unsupportedRate
    /// A number of channels the method cannot work with.
    case unsupportedChannels
    /// The library refused, in its own words.
    case library
  }

  /// What kind of trouble.
  public let code: Code
  /// One sentence with the offending number.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
