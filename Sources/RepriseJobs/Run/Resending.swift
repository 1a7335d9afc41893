internal import RepriseService

/// The schedule for repeating a request that the service has certainly not taken.
///
/// The schedule is pure; the clock is the caller's. A service that is busy (429, 503) says so itself and is retried
/// until the deadline; a service that is unreachable (no connection) is tried three times, so that a mistyped address
/// is reported within seconds.
struct Resending: Sendable {
  /// Time after the first attempt at which attempts end, in seconds.
  let timeout: Double
  /// Pause before the second attempt, in seconds.
  let firstPause: Double
  private var pause: Double
  private var unreachable = 0

  /// Maximum pause, in seconds, except for a pause requested by the service.
  private static let longestPause = 60.0
  private static let connectionAttempts = 3

  init(timeout: Double, firstPause: Double) {
    self.timeout = timeout
    self.firstPause = firstPause
    pause = firstPause
  }

  /// Returns the pause before the next attempt.
  ///
  /// - Parameters:
  ///   - error: The error of the last attempt.
  ///   - elapsed: Time since the first attempt, in seconds.
  ///   - jitter: A random number in 0..<1; pauses are spread by ±10 %.
  /// - Returns: The pause; nil if there are no more attempts.
  mutating func next(after error: ServiceError, elapsed: Double, jitter: Double) -> Duration? {
    switch error.code {
    case .rateLimited, .serverTrouble: break
    case .unreachable:
      unreachable += 1
      guard unreachable < Self.connectionAttempts else { return nil }
    default: return nil
    }
    let asked = error.retryAfter?.inSeconds ?? 0
    let wait = max(pause * (0.9 + 0.2 * jitter), asked)
    pause = min(pause * 2, Self.longestPause)
    guard elapsed + wait <= timeout else { return nil }
    return .seconds(wait)
  }
}
