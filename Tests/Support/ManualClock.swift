internal import Synchronization

/// A clock that stands still until a test moves it, or somebody sleeps.
///
/// Whoever sleeps on it wakes at once, and the clock has moved on by as much: a wait of an hour takes no time, and can
/// be measured.
package final class ManualClock: Clock {
  /// A moment: the time since the clock was made.
  package struct Instant: InstantProtocol {
    /// Since the clock was made.
    package let offset: Duration

    package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Duration { other.offset - offset }
    package static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
  }

  private let state = Mutex((offset: Duration.zero, sleeps: [Duration](), looks: 0))

  /// A clock at its beginning.
  package init() {}

  package var now: Instant {
    state.withLock { state in
      state.looks += 1
      return Instant(offset: state.offset)
    }
  }

  /// Number of times that the time was read.
  package var looks: Int { state.withLock { $0.looks } }

  package var minimumResolution: Duration { .zero }

  /// The sleeps so far.
  package var sleeps: [Duration] { state.withLock { $0.sleeps } }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      let pause = deadline.offset - state.offset
      state.sleeps.append(pause)
      state.offset = max(state.offset, deadline.offset)
    }
    await Task.yield()
  }

  /// Moves on.
  package func advance(by duration: Duration) { state.withLock { $0.offset += duration } }
}
