/// The schedule of polling a service for the status of a generation.
///
/// A pure state machine, which takes an event and returns the next action; clocks and sockets are elsewhere.
package struct Polling: Sendable {
  /// The intervals and the time limit of polling, in seconds.
  package struct Settings: Sendable, Codable, Equatable {
    /// First interval in seconds.
    package var firstInterval: Double
    /// Interval in seconds to which the first one grows.
    package var longestInterval: Double
    /// Time limit in seconds, counted from the first wait.
    package var timeout: Double

    /// Creates settings: 5 s growing to 15 s, for 20 minutes, unless given.
    package init(firstInterval: Double = 5, longestInterval: Double = 15, timeout: Double = 1200) {
      self.firstInterval = firstInterval
      self.longestInterval = longestInterval
      self.timeout = timeout
    }
  }

  /// The outcome of a poll.
  package enum Event: Sendable, Equatable {
    /// The service reported the status of the generation.
    case answered(Contract.Status)
    /// The service or the connection to it failed temporarily (429, 5xx, network).
    case retrying(retryAfter: Duration?)
    /// The response is no generation: a web page, nothing, half of one, something else.
    case unrecognized(retryAfter: Duration?)
    /// The service does not know the generation, or not yet: of several machines some may know a new one before others.
    case notFound(retryAfter: Duration?)
  }

  /// The next action.
  package enum Action: Sendable, Equatable {
    /// Wait, then poll again.
    case wait(Duration)
    /// The generation is completed or failed.
    case finish
    /// The deadline has passed, or the service asked not to be polled until after it.
    case giveUp
    /// Too many consecutive responses were unusable.
    case abandon
  }

  /// Number of consecutive unusable responses that ends the waiting.
  package static let mostUnusable = 5
  /// Seconds after a submission in which some machines of a service may not know its generation.
  ///
  /// After them, two consecutive responses that the generation is not known end the waiting.
  package static let settling = 30.0

  private let settings: Settings
  private var interval: Double
  private var backOff: Double
  private var lastAsked = false
  /// Numbers of consecutive unusable responses, and of those at their end that know no such generation.
  private var unusable = 0
  private var notFound = 0
  private let age: Double

  /// Creates a schedule.
  ///
  /// Invalid numbers (negative, not finite) are replaced by the nearest valid ones.
  ///
  /// - Parameters:
  ///   - settings: The intervals and the time limit.
  ///   - age: The time since the service accepted the submission, in seconds.
  package init(_ settings: Settings, age: Double = 0) {
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

  /// Time limit in seconds, counted from the first wait.
  var timeout: Double { settings.timeout }

  /// Takes an event.
  ///
  /// - Parameters:
  ///   - event: The outcome of a poll.
  ///   - elapsed: The time since the waiting began, on a monotonic clock.
  ///   - jitter: A random number in 0..<1, which spreads waits by ±10 % so that clients do not poll in step.
  /// - Returns: The next action.
  package mutating func next(_ event: Event, elapsed: Duration, jitter: Double) -> Action {
    var wait: Double
    var atLeast = 0.0
    let isOfNoUse = count(event)
    switch event {
    case .answered(let status) where status.isFinal: return .finish
    case .answered:
      wait = interval
      interval = min(interval * 1.5, settings.longestInterval)
      backOff = settings.firstInterval
    case .retrying(let retryAfter), .unrecognized(let retryAfter), .notFound(let retryAfter):
      if isOfNoUse {
        let isGone = notFound > 1 && age + elapsed.inSeconds >= Self.settling
        if unusable >= Self.mostUnusable || isGone { return .abandon }
      }
      // An error doubles the wait up to a minute, or four times the usual wait if that is less.
      backOff = min(backOff * 2, max(settings.longestInterval, min(60, settings.longestInterval * 4)))
      wait = backOff
      atLeast = retryAfter?.inSeconds ?? 0
    }
    wait *= 0.9 + 0.2 * (jitter.isNaN ? 0.5 : min(max(jitter, 0), 1))
    let left = settings.timeout - elapsed.inSeconds
    if left <= 0 || lastAsked || atLeast > left { return .giveUp }
    // The last poll is sent at the deadline itself: a cover may be done by then.
    if max(wait, atLeast) >= left {
      lastAsked = true
      return .wait(.seconds(left))
    }
    return .wait(.seconds(max(wait, atLeast)))
  }

  /// Counts consecutive unusable responses; connection errors leave the count unchanged.
  ///
  /// - Parameter event: The outcome of a poll.
  /// - Returns: `true` if the response is unusable.
  private mutating func count(_ event: Event) -> Bool {
    switch event {
    case .answered: (unusable, notFound) = (0, 0)
    case .retrying: break
    case .unrecognized: (unusable, notFound) = (unusable + 1, 0)
    case .notFound: (unusable, notFound) = (unusable + 1, notFound + 1)
    }
    switch event {
    case .answered, .retrying: return false
    case .unrecognized, .notFound: return true
    }
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
