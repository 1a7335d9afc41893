extension Job {
  /// The state of a job.
  ///
  /// A state is on the disk before the action that follows it.
  public enum State: String, Sendable, Codable, CaseIterable {
    /// The audio is suitable; no whole request was sent, or the service has certainly not taken one.
    case prepared
    /// The request is being sent; `sealed` states whether its last bytes may have been sent.
    case submitting
    /// The service has accepted the request and reported its id.
    case submitted
    /// The service is generating the cover, or is being polled.
    case generating
    /// The result has a URL.
    case completed
    /// The result is complete on this machine.
    case downloaded
    /// The result was checked.
    case verified
    /// The service refused the request or failed permanently; there will be no result.
    case failed
    /// The whole request may have been sent without a response: the service may have accepted it, or not.
    case ambiguous
    /// The job was given up before the service could have taken the request.
    case cancelled
    /// The service does not have the result any more.
    case expired
    /// A state of another version of this program.
    case unknown

    /// Decodes a state; an unknown state becomes `unknown`, so that one row never hides the others.
    public init(from decoder: any Decoder) throws {
      self = State(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }

    /// `true` if the job is not finished.
    public var isOpen: Bool {
      switch self {
      case .prepared, .submitting, .submitted, .generating, .completed, .downloaded, .ambiguous: true
      case .verified, .failed, .cancelled, .expired, .unknown: false
      }
    }

    /// `true` if the service may hold, or may be making, a result that must be paid for.
    package var mayBePaid: Bool {
      switch self {
      case .submitting, .submitted, .generating, .completed, .downloaded, .verified, .ambiguous, .expired: true
      case .prepared, .failed, .cancelled, .unknown: false
      }
    }
  }
}
