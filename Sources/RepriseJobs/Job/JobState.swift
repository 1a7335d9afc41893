extension Job {
  /// How far a job is. A state is on the disk before the act that follows it.
  public enum State: String, Sendable, Codable, CaseIterable {
    /// The audio fits; no whole request was sent, or the service surely took none.
    case prepared
    /// The request is on its way; whether its last bytes are, `sealed` tells.
    case submitting
    /// The service has accepted it and told its id.
    case submitted
    /// The service is at work, or asked whether it is.
    case generating
    /// The result has a URL.
    case completed
    /// The result is here, whole.
    case downloaded
    /// The result was checked.
    case verified
    /// The service refused it or failed for good; nothing more will come.
    case failed
    /// All of the request may have left and no answer came: the service may have accepted it, or not.
    case ambiguous
    /// It was given up before the service could have taken it.
    case cancelled
    /// Its result is gone from the service.
    case expired
    /// A word of another version of this program.
    case unknown

    /// Takes words that this version does not know for `unknown`, so that one row never hides the others.
    public init(from decoder: any Decoder) throws {
      self = State(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }

    /// Whether something is left to be done.
    public var isOpen: Bool {
      switch self {
      case .prepared, .submitting, .submitted, .generating, .completed, .downloaded, .ambiguous: true
      case .verified, .failed, .cancelled, .expired, .unknown: false
      }
    }

    /// Whether the service may hold, or may be making, something that is to be paid for.
    public var mayBePaid: Bool {
      switch self {
      case .submitting, .submitted, .generating, .completed, .downloaded, .verified, .ambiguous, .expired: true
      case .prepared, .failed, .cancelled, .unknown: false
      }
    }
  }
}
