/// Something that happened at a counting service, in the order in which it happened.
public struct ServiceEvent: Sendable, Equatable, CustomStringConvertible {
  /// The moments at which a client can be watched, or killed.
  public enum Moment: String, Sendable, CaseIterable {
    /// A submission's head has come, nothing of its body.
    case submissionBegun
    /// Half of a submission's body has come.
    case bodyHalf
    /// All of it has come: the service has accepted it and bills it. Its answer has not left.
    case bodyWhole
    /// The answer with the id has left.
    case answered
    /// A question how far it is has come, its answer has not left.
    case polled
    /// The answer that it is not done yet has left.
    case reportedPending
    /// The answer with the result's URL has left.
    case reportedCompleted
    /// A request for the result has come.
    case downloadBegun
    /// Half of what was asked of the result has left.
    case downloadHalf
    /// All that was asked of the result has left.
    case downloadWhole
    /// The log was asked for, its answer has not left.
    case logAsked
  }

  /// The kind of event.
  public let moment: Moment
  /// The client's name for the job (`X-Client-Request-Id`), where it is known.
  public let requestID: String?
  /// The service's name for it, once it has one.
  public let generationID: String?

  /// `bodyWhole rp-… g1:music-cover`.
  public var description: String {
    ([moment.rawValue] + [requestID, generationID].compactMap(\.self)).joined(separator: " ")
  }
}

/// The counts of a counting service.
public struct ServiceTally: Sendable {
  /// Everything, in its order.
  public var events: [ServiceEvent] = []
  /// Number of complete submissions by request id, each of which is billed.
  ///
  /// Empty for those without one.
  public var accepted: [String: Int] = [:]
  /// Requests for results that carried the key, and other places where it had no business.
  public var leaks = 0
  /// Requests that came before the `Retry-After` they had been told was over.
  public var tooEarly = 0
  /// Clients that waited a minute for an answer that was not to come.
  public var outlasted = 0
  /// Answers with a part of a result.
  public var parts = 0
  /// Requests that nothing here answers.
  public var strays: [String] = []

  /// All whole submissions.
  public var submissions: Int { accepted.values.reduce(0, +) }

  /// Request ids that were billed more than once.
  public var doubled: [String] { accepted.filter { $0.value > 1 }.keys.sorted() }

  /// Returns the number of times that an event happened, to one job or to all.
  public func count(_ moment: ServiceEvent.Moment, of requestID: String? = nil) -> Int {
    events.count { $0.moment == moment && (requestID == nil || $0.requestID == requestID) }
  }
}
