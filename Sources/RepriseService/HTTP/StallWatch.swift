/// Notices transfers that hardly move: fewer than so many bytes in a window of time. Pure; the clock is the caller's.
struct StallWatch {
  /// Below this many bytes a second a transfer counts as stalled.
  static let bytesPerSecond = 100.0

  private let window: Double
  private var windowStart: Double
  private var movedAtStart: Int

  /// - Parameters:
  ///   - window: seconds that are looked at together.
  ///   - now: seconds on any monotonic clock.
  ///   - moved: bytes moved so far.
  init(window: Double, now: Double, moved: Int) {
    self.window = max(window, 0.01)
    windowStart = now
    movedAtStart = moved
  }

  /// Whether the transfer has stalled.
  mutating func hasStalled(now: Double, moved: Int) -> Bool {
    guard now - windowStart >= window else { return false }
    let rate = Double(moved - movedAtStart) / (now - windowStart)
    windowStart = now
    movedAtStart = moved
    return rate < Self.bytesPerSecond
  }
}
