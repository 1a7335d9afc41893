/// When to ask a service again how far a generation is, and when to stop asking.
///
/// A pure state machine: an event goes in, the next act comes out; clocks and sockets are elsewhere.
public struct Polling: Sendable {
  /// How often to ask, and for how long; all in seconds.
  public struct Settings: Sendable, Codable, Equatable {
    /// The first wait.
    public var firstInterval: Double
    /// What waits grow to.
    public var longestInterval: Double
    /// When to give up, counted from the first wait.
    public var timeout: Double

    /// 5 s growing to 15 s, for 20 minutes, unless said otherwise.
    public init(firstInterval: Double = 5, longestInterval: Double = 15, timeout: Double = 1200) {
      self.firstInterval = firstInterval
      self.longestInterval = longestInterval
      self.timeout = timeout
    }
  }

  /// What came of asking.
  public enum Event: Sendable, Equatable {
    /// The service told how far the generation is.
    case answered(Contract.Status)
    /// The service or the way to it is in trouble for now (429, 5xx, network).
    case troubled(retryAfter: Duration?)
    /// The response is no generation: a web page, nothing, half of one, something else.
    case unrecognized(retryAfter: Duration?)
    /// The service does not know the generation, or not yet: where it has several machines, a new one is known to some
    /// before it is to all.
    case notFound(retryAfter: Duration?)
  }

  /// What to do next.
  public enum Action: Sendable, Equatable {
    /// Wait, then ask again.
    case wait(Duration)
    /// The generation is completed or failed.
    case finish
    /// The deadline has passed, or the service wants to be left alone for longer than that.
    case giveUp
    /// So many responses in a row were of no use that the next won't be either.
    case abandon
  }

  /// So many responses in a row that are no generation end the waiting.
  public static let mostUnusable = 5
  /// Seconds after a submission in which a service need not know its generation everywhere. After them two responses in
  /// a row that it does not know it end the waiting.
  public static let settling = 30.0

  private let settings: Settings
  private var interval: Double
  private var backOff: Double
  private var lastAsked = false
  /// Responses in a row that were of no use, and of them those at the end that know no such generation.
  private var unusable = 0
  private var notFound = 0
  private let age: Double

  /// A policy at its beginning. Numbers that make no sense (negative, not finite) are taken as the nearest that do.
  ///
  /// - Parameter age: how long ago the service took the submission, in seconds.
  public init(_ settings: Settings, age: Double = 0) {
    func sane(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      value.isNaN ? range.upperBound : min(max(value, range.lowerBound), range.upperBound)
    }
    var settings = settings
    settings.firstInterval = sane(settings.firstInterval, 0.01...3600)
    settings.longestInterval = sane(settings.longestInterval, settings.firstInterval...3600)
    settings.timeout = sane(settings.timeout, 0...604_800)
    self.settings = settings
    self.age = sane(age, 0...1e9)
    interval = settings.firstInterval
    backOff = settings.firstInterval
  }

  /// When to give up, in seconds from the first wait.
  var timeout: Double { settings.timeout }

  /// Takes an event.
  ///
  /// - Parameters:
  ///   - event: what came of asking.
  ///   - elapsed: the time since the waiting began, on a monotonic clock.
  ///   - jitter: a random number in 0..<1; waits are spread by ±10 % so that clients do not ask in step.
  /// - Returns: what to do.
  public mutating func next(_ event: Event, elapsed: Duration, jitter: Double) -> Action {
    var wait: Double
    var atLeast = 0.0
    let isOfNoUse = count(event)
    switch event {
    case .answered(let status) where status.isFinal: return .finish
    case .answered:
      wait = interval
      interval = min(interval * 1.5, settings.longestInterval)
      backOff = settings.firstInterval
    case .troubled(let retryAfter), .unrecognized(let retryAfter), .notFound(let retryAfter):
      if isOfNoUse {
        let isGone = notFound > 1 && age + elapsed.inSeconds >= Self.settling
        if unusable >= Self.mostUnusable || isGone { return .abandon }
      }
      // Trouble doubles the wait up to a minute, or four times the usual if that is less.
      backOff = min(backOff * 2, max(settings.longestInterval, min(60, settings.longestInterval * 4)))
      wait = backOff
      atLeast = retryAfter?.inSeconds ?? 0
    }
    wait *= 0.9 + 0.2 * (jitter.isNaN ? 0.5 : min(max(jitter, 0), 1))
    let left = settings.timeout - elapsed.inSeconds
    if left <= 0 || lastAsked || atLeast > left { return .giveUp }
    // The last question is asked at the deadline itself: a cover may be done by then.
    if max(wait, atLeast) >= left {
      lastAsked = true
      return .wait(.seconds(left))
    }
    return .wait(.seconds(max(wait, atLeast)))
  }

  /// Counts responses that are of no use; trouble on the way neither adds to them nor makes one that is.
  ///
  /// - Returns: whether this is one of them.
  private mutating func count(_ event: Event) -> Bool {
    switch event {
    case .answered: (unusable, notFound) = (0, 0)
    case .troubled: break
    case .unrecognized: (unusable, notFound) = (unusable + 1, 0)
    case .notFound: (unusable, notFound) = (unusable + 1, notFound + 1)
    }
    switch event {
    case .answered, .troubled: return false
    case .unrecognized, .notFound: return true
    }
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
