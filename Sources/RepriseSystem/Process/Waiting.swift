/// The clock that pauses and time limits are measured by.
package struct Waiting: Sendable {
  /// The machine's clock, which continues while the machine sleeps.
  package static let machine = Waiting(ContinuousClock())

  private let elapsed: @Sendable () -> Duration
  private let pause: @Sendable (Duration) async throws -> Void

  /// Creates a value that measures time by a clock.
  package init<Time: Clock>(_ clock: Time) where Time.Duration == Duration {
    let origin = clock.now
    elapsed = { origin.duration(to: clock.now) }
    pause = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
  }

  /// The time since this value was made.
  package var now: Duration { elapsed() }

  /// Pauses for a duration.
  ///
  /// - Throws: `CancellationError` at once if the task is cancelled.
  package func sleep(for duration: Duration) async throws { try await pause(duration) }
}
