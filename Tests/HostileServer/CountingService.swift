public import Foundation
internal import Synchronization

/// A cover service on loopback that speaks the contract, has one recorded cover for everybody, and counts.
///
/// It bills like the real one: every submission whose body came whole, whatever its request id. It goes on while its
/// clients die.
public final class CountingService: Sendable {
  /// The service's choices where the contract leaves room.
  public struct Settings: Sendable {
    /// Seconds from accepting a submission to its cover.
    public var making = 0.0
    /// Seconds between accepting a submission and answering it.
    public var beforeAnswer = 0.0
    /// A body is read in pieces of so many bytes, and after each there is a pause.
    public var uploadPiece = 65536
    /// Seconds.
    public var uploadPause = 0.0
    /// A result is sent in pieces of so many bytes, and after each there is a pause.
    public var downloadPiece = 8192
    /// Seconds.
    public var downloadPause = 0.0
    /// Seconds until an accepted submission is in the log.
    public var logDelay = 0.0
    /// `true` if there is a log; else its URL responds with 404.
    public var hasLog = true
    /// `true` if ranges of a result are served.
    public var servesRanges = true
    /// `true` if the response to a completed generation contains the result's length.
    public var reportsSize = true
    /// `true` to keep the bodies of submissions, for tests that examine them.
    public var keepsBodies = false
    /// The only key it takes; nil takes all and none.
    public var key: String?
    /// Cost of each cover in US dollars.
    public var usd = 0.195
    /// Returns the URL of a result that the service reports, given the right URL and the number of earlier reports.
    public var reportsURL: (@Sendable (_ right: String, _ turn: Int) -> String)?
    /// Answers a request for the result, given how many came before; false leaves it to the service.
    public var answersResult: (@Sendable (RawConnection, ReceivedRequest, _ turn: Int) -> Bool)?
    /// The cost in an answer's body (`meta.usage.usd_spent`), as JSON; nil leaves the cost out.
    public var reportsCost: (@Sendable (CostMoment) -> String?)?
    /// The cost in an answer's head (`x-aimlapi-usd-spent`); nil leaves it out.
    public var reportsCostInHead: (@Sendable (CostMoment) -> String?)?
    /// The log's word for what became of every submission.
    public var logStatus = "succeeded"
    /// `true` if the log contains the ids of generations.
    public var logReportsIDs = true

    /// As fast as can be.
    public init() {}
  }

  /// A response in which a cost may be reported.
  public enum CostMoment: Sendable {
    case submitted, pending, completed
  }

  /// A submission that was accepted.
  public struct Generation: Sendable {
    /// The service's name for it.
    public let id: String
    /// The client's name for it; empty if it gave none.
    public let requestID: String
    /// Time at which the generation was accepted.
    public let accepted: Date
  }

  /// The service's settings.
  public let settings: Settings
  /// The cover it has for everybody.
  public let cover: [UInt8]
  let state = Mutex(State())
  private let listening = Mutex<RawServer?>(nil)

  struct State {
    var tally = ServiceTally()
    var generations: [Generation] = []
    var hooks: [ServiceEvent.Moment: [@Sendable (ServiceEvent) -> Void]] = [:]
    /// Number of times that each kind of request was misbehaved to.
    var turns: [String: Int] = [:]
    var bodies: [ReceivedRequest] = []
    var leaveAloneUntil: ContinuousClock.Instant?
    var misbehaviour: Misbehaviour?
    var pollScript: PollScript?
    var submissionScript: SubmissionScript?
  }

  /// A closure that answers a poll, given the number of earlier polls, the generation, and its result's URL.
  ///
  /// Returns `false` to leave the response to the service.
  public typealias PollScript = @Sendable (RawConnection, Int, Generation, String) -> Bool
  /// Answers an accepted submission on its own; false leaves it to the service.
  public typealias SubmissionScript = @Sendable (RawConnection, Generation) -> Bool

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - settings: The service's settings.
  ///   - cover: The result; `nil` for `RecordedCover.bytes`.
  ///   - misbehaviour: The service's misbehaviour; `nil` for a service that behaves correctly.
  /// - Throws: `RawServer.CannotListen`, an error if the recorded cover can't be read.
  public init(_ settings: Settings = Settings(), cover: [UInt8]? = nil, misbehaviour: Misbehaviour? = nil) throws {
    self.settings = settings
    state.withLock { $0.misbehaviour = misbehaviour }
    self.cover = try cover ?? RecordedCover.bytes
    // A window of a few kilobytes, so that what the client has sent is what has come.
    let isNarrow = settings.uploadPause > 0 || misbehaviour?.readsLittle == true
    let server = try RawServer(receiveBuffer: isNarrow ? 8192 : nil) { [self] connection, request in
      serve(connection, request)
    }
    listening.withLock { $0 = server }
  }

  private var server: RawServer? { listening.withLock { $0 } }

  /// Its base URL.
  public var url: String { server?.url ?? "" }

  /// Its port on 127.0.0.1.
  public var port: Int { server?.port ?? 0 }

  /// The current counts.
  public var tally: ServiceTally { state.withLock { $0.tally } }

  /// The accepted generations, in the order of acceptance.
  public var generations: [Generation] { state.withLock { $0.generations } }

  /// Whole submissions with their bodies, where they are kept.
  public var submissions: [ReceivedRequest] { state.withLock { $0.bodies } }

  /// Every request whose head came.
  public var requests: [ReceivedRequest] { server?.requests ?? [] }

  /// Runs `act` at every such moment, before anything else is done with that connection.
  public func on(_ moment: ServiceEvent.Moment, _ act: @escaping @Sendable (ServiceEvent) -> Void) {
    state.withLock { $0.hooks[moment, default: []].append(act) }
  }

  /// From now on questions are answered by `script`; nil leaves them to the service again.
  public func answerPolls(_ script: PollScript?) { state.withLock { $0.pollScript = script } }

  /// From now on submissions that were accepted are answered by `script`.
  public func answerSubmissions(_ script: SubmissionScript?) { state.withLock { $0.submissionScript = script } }

  /// Takes all hooks away.
  public func forgetHooks() { state.withLock { $0.hooks = [:] } }

  /// The service's misbehaviour; `nil` for a service that behaves correctly.
  public var misbehaviour: Misbehaviour? { state.withLock { $0.misbehaviour } }

  /// From now on it does everything right.
  public func behave() { state.withLock { $0.misbehaviour = nil } }

  /// Stops listening and ends what is under way.
  public func stop() { listening.withLock { $0.take() }?.stop() }

  /// Notes that something happened and runs what was to be run then.
  func happened(_ moment: ServiceEvent.Moment, _ requestID: String?, _ generationID: String? = nil) {
    let event = ServiceEvent(moment: moment, requestID: requestID, generationID: generationID)
    let hooks = state.withLock {
      $0.tally.events.append(event)
      return $0.hooks[moment] ?? []
    }
    for hook in hooks { hook(event) }
  }

  /// Counts a leak of the key.
  func leaked() { state.withLock { $0.tally.leaks += 1 } }

  /// Counts a client that waits for ever.
  func outlasted() { state.withLock { $0.tally.outlasted += 1 } }

  /// Returns the number of earlier calls with a name, 0 the first time.
  func turn(_ name: String) -> Int {
    state.withLock { state in
      let before = state.turns[name] ?? 0
      state.turns[name] = before + 1
      return before
    }
  }

  /// From now on whoever asks within `seconds` is counted as too early.
  func leaveAlone(seconds: Double) {
    state.withLock { $0.leaveAloneUntil = ContinuousClock.now + .seconds(seconds) }
  }

  private func serve(_ connection: RawConnection, _ request: ReceivedRequest) {
    let path = String(request.target.prefix { $0 != "?" })
    let query = Self.query(request.target)
    let isResult = path.hasPrefix("/results/")
    state.withLock {
      if let until = $0.leaveAloneUntil, !isResult {
        if ContinuousClock.now < until { $0.tally.tooEarly += 1 }
        $0.leaveAloneUntil = nil
      }
    }
    if isResult { return serveResult(connection, request, path, query) }
    if let key = settings.key, request["Authorization"] != "Bearer \(key)" {
      swallow(connection, request)
      return connection.answer("401 Unauthorized", Self.refusal(401, "Invalid key"))
    }
    switch (request.method, path) {
    case ("POST", "/v2/generate/audio"): serveSubmission(connection, request)
    case ("GET", "/v2/generate/audio"): servePoll(connection, query["generation_id"] ?? "")
    case ("GET", "/v2/logs"): serveLog(connection, query)
    default:
      state.withLock { $0.tally.strays.append("\(request.method) \(path)") }
      connection.answer("404 Not Found", Self.refusal(404, "Nothing here"))
    }
  }

  /// An error in the service's own form.
  static func refusal(_ status: Int, _ message: String) -> String {
    #"{"message":"\#(message)","path":"/v2/generate/audio","requestId":"00000000","statusCode":\#(status),"timestamp":"2026-11-24T12:00:00.000Z"}"#
  }

  private static func query(_ target: String) -> [String: String] {
    guard let mark = target.firstIndex(of: "?") else { return [:] }
    var fields: [String: String] = [:]
    for pair in target[target.index(after: mark)...].split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      fields[parts[0]] = parts.count > 1 ? parts[1].removingPercentEncoding ?? "" : ""
    }
    return fields
  }
}

/// Waits on a thread of its own.
func pause(_ seconds: Double) { if seconds > 0 { Thread.sleep(forTimeInterval: seconds) } }
