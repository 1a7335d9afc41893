import RepriseSystem

extension ServiceError {
  /// A fault of the data to be sent.
  package enum RequestProblem: Sendable, Equatable, CustomStringConvertible {
    /// The service requires lyrics.
    case lyricsMissing
    /// A text has a length, in Unicode scalars, outside of the service's bounds.
    case length(of: Part, Int, allowed: ClosedRange<Int>)
    /// The service makes no results of this sample rate in hertz.
    case sampleRate(Int, allowed: [Int])
    /// The service makes no results of this bit rate in bits per second.
    case bitrate(Int, allowed: [Int])
    /// The service does not accept the audio's format.
    case format(path: String, String, allowed: [String])
    /// The audio file has no bytes.
    case empty(path: String)
    /// The audio file has more bytes than the service accepts.
    case tooLarge(path: String, bytes: Int, limit: Int)
    /// The request id has a length that the service does not accept.
    case requestIDLength(Int)
    /// The request id holds a character that the service does not accept.
    case requestIDCharacters
    /// The audio is in no regular file, so that its length is not known.
    case notRegular(path: String)
    /// The audio file could not be opened or read, with this `errno`.
    case unreadable(path: String, isOpen: Bool, errno: Int32)
    /// The audio file changed while it was being sent.
    case changed(path: String)

    /// A text of a request.
    package enum Part: String, Sendable { case prompt, lyrics }

    var underlying: (any Error)? {
      if case .unreadable(_, _, let errno) = self { systemError(errno) } else { nil }
    }

    /// The fact.
    package var description: String {
      switch self {
      case .lyricsMissing: "the service requires lyrics"
      case .length(let part, let count, let range):
        "the \(part.rawValue) \(part == .lyrics ? "have" : "has") \(count) character\(count == 1 ? "" : "s"); the service "
          + "wants \(range.lowerBound)–\(range.upperBound); nothing was sent"
      case .sampleRate(let rate, let allowed):
        "the sample rate \(rate) is not one the service makes: \(Self.list(allowed))"
      case .bitrate(let rate, let allowed): "the bit rate \(rate) is not one the service makes: \(Self.list(allowed))"
      case .format(let path, let format, let allowed):
        "\(path): the service takes \(allowed.joined(separator: ", ")), not \(format)"
      case .empty(let path): "\(path): is empty; nothing was sent"
      case .tooLarge(let path, let bytes, let limit):
        "\(path): \(megabytes(bytes)) is over the service's \(megabytes(limit))"
      case .requestIDLength(let length): "the request id has \(length) characters; the service takes 1–128"
      case .requestIDCharacters: "the request id holds a character outside A-Z a-z 0-9 . _ : -"
      case .notRegular(let path): "\(path): is not a plain file, so its length is not known"
      case .unreadable(let path, let isOpen, let errno):
        "\(path): could not be \(isOpen ? "read" : "opened"): \(systemText(errno))"
      case .changed(let path): "\(path): changed while it was being sent"
      }
    }

    private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
  }

  /// A fault of libcurl, or of the certificates that it is to trust; nothing was sent.
  package enum SetupProblem: Sendable, Equatable, CustomStringConvertible {
    /// libcurl could not be loaded; `reason` is the loader's message.
    case missing(reason: String)
    /// libcurl could not be initialized.
    case notStarted
    /// libcurl rejected the option of this number; `reason` is its message.
    case option(Int, reason: String)
    /// The certificates to trust, named by a variable, cannot be used.
    case certificates(variable: String, path: String, fault: String)

    /// The fact.
    package var description: String {
      switch self {
      case .missing(let reason): "libcurl could not be loaded (\(reason)), so nothing was sent"
      case .notStarted: "libcurl could not be started"
      case .option(let number, let reason):
        "this libcurl does not take option \(number) (\(reason)), so nothing was sent"
      case .certificates(let variable, let path, let fault):
        "\(path) \(fault), and \(variable) names it as the certificates to trust, so nothing was sent"
      }
    }
  }
}
