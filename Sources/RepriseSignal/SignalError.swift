/// An error that keeps a signal from being processed.
package struct SignalError: Error, Equatable, CustomStringConvertible {
  /// The kinds of error that callers distinguish.
  package enum Code: Sendable {
    /// A sample rate that the method does not support.
    case unsupportedRate
    /// A number of channels that the method does not support.
    case unsupportedChannels
    /// An error of the library, with its message.
    case library
  }

  /// Kind of error.
  package let code: Code
  /// One sentence with the offending number.
  package let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
