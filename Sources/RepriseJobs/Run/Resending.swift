internal import RepriseService

/// When a request that the service surely has not taken is sent again, and when no more. Pure; the clock is the caller's.
///
/// A service that is busy (429, 503) says so itself and is waited for until the deadline; a way that is not there (no
/// connection) is tried three times, so that a mistyped address is told within seconds.
struct Resending: Sendable {
  /// Seconds until no more is sent, from the first time.
  let timeout: Double
  /// Seconds before the second time.
  let firstPause: Double
  private var pause: Double
  private var unreachable = 0

  /// The longest pause, in seconds, that is not the service's own wish.
  private static let longestPause = 60.0
  private static let connectionAttempts = 3

  init(timeout: Double, firstPause: Double) {
    self.timeout = timeout
    self.firstPause = firstPause
    pause = firstPause
  }

  /// How long to wait before it is sent again.
  ///
  /// - Parameters:
  ///   - error: why the service has not taken it.
  ///   - elapsed: seconds since it was first sent.
  ///   - jitter: a random number in 0..<1; pauses are spread by ±10 %.
  /// - Returns: nil if it is not to be sent again.
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
