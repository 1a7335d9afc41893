/// A detector of stalled transfers: those that move too few bytes in a window of time.
///
/// Pure; the caller supplies the time.
struct StallWatch {
  /// Rate in bytes per second below which a transfer counts as stalled.
  static let bytesPerSecond = 100.0

  private let window: Double
  private var windowStart: Double
  private var movedAtStart: Int

  /// Creates a detector.
  ///
  /// - Parameters:
  ///   - window: The length of the window in seconds.
  ///   - now: Seconds on any monotonic clock.
  ///   - moved: The number of bytes moved so far.
  init(window: Double, now: Double, moved: Int) {
    self.window = max(window, 0.01)
    windowStart = now
    movedAtStart = moved
  }

  /// `true` if the transfer has stalled.
  mutating func hasStalled(now: Double, moved: Int) -> Bool {
    guard now - windowStart >= window else { return false }
    let rate = Double(moved - movedAtStart) / (now - windowStart)
    windowStart = now
    movedAtStart = moved
    return rate < Self.bytesPerSecond
  }
}
