extension ServiceError {
  /// A fault of a response that was to hold the result itself.
  package enum InlineProblem: Sendable, Equatable, CustomStringConvertible {
    /// The response ends within a string.
    case endsInString(path: String)
    /// The response is not JSON, or not complete.
    case notJSON(path: String)
    /// The response holds no audio.
    case noAudio(path: String)
    /// The response became shorter while it was read.
    case shrank(path: String)
    /// The response holds more bytes beside the audio than any plausible one.
    case outlineTooLarge(limit: Int)
    /// The audio has more bytes than any cover.
    case audioTooLarge(limit: Int)
    /// The character of the audio at `position`, counted from 1, is this byte and no hexadecimal digit.
    case notHexadecimal(position: Int, byte: UInt8)
    /// The audio has an odd number of digits.
    case oddDigits(Int)

    /// The fact.
    package var description: String {
      switch self {
      case .endsInString(let path):
        "\(path): the service's answer ends in the middle of a string; the rest never came"
      case .notJSON(let path): "\(path): the service's answer is not JSON, or not all of it came"
      case .noAudio(let path): "\(path): the service's answer holds no audio"
      case .shrank(let path): "\(path): became shorter while it was read"
      case .outlineTooLarge(let limit):
        "the service's answer holds over \(megabytes(limit)) beside the audio, which no answer does"
      case .audioTooLarge(let limit):
        "the audio in the service's answer is over \(megabytes(limit)), which no cover is; the answer is kept"
      case .notHexadecimal(let position, let byte):
        "the audio in the service's answer is not hexadecimal: character \(position) of it has the code \(byte)"
      case .oddDigits(let digits):
        "the audio in the service's answer has \(digits) hexadecimal digits, an odd number: its end is missing"
      }
    }
  }
}
