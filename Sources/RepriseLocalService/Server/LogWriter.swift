internal import Dispatch
internal import RepriseSystem
internal import Synchronization

/// Writes lines of a log on a thread of its own, so that a log without a reader blocks nothing else.
///
/// `write(2)` to a full pipe blocks for as long as the reader likes. Here only the log waits: lines beyond a bound are
/// dropped and counted, and the count is written once there is room again.
package final class LogWriter: Sendable {
  private struct State {
    var waiting = 0
    var dropped = 0
  }

  private let capacity: Int
  private let put: @Sendable (String) -> Void
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "reprise.log")

  /// Creates a writer.
  ///
  /// - Parameters:
  ///   - capacity: Maximum number of lines that wait, at least 1.
  ///   - put: A function that writes one line and may block forever; never called concurrently.
  package init(capacity: Int = 1000, put: @escaping @Sendable (String) -> Void) {
    self.capacity = max(1, capacity)
    self.put = put
  }

  /// Enqueues a line and returns at once.
  package func write(_ line: String) {
    let isTaken = state.withLock { state in
      if state.waiting >= capacity {
        state.dropped += 1
        return false
      }
      state.waiting += 1
      return true
    }
    guard isTaken else { return }
    queue.async { [self] in
      let lost = state.withLock { state in
        defer { state.dropped = 0 }
        return state.dropped
      }
      if lost > 0 {
        put("\(counted(lost, "line of this log was", "lines of this log were")) dropped: nobody read it fast enough")
      }
      put(line)
      state.withLock { $0.waiting -= 1 }
    }
  }

  /// Number of lines dropped since the last line that was written.
  package var droppedLines: Int { state.withLock { $0.dropped } }

  /// Waits until the queued lines are written, but no longer than `grace`.
  package func finish(within grace: Duration = .milliseconds(250)) async {
    await withCheckedContinuation { continuation in
      let waiter = Waiter(continuation)
      queue.async { waiter.resume() }
      DispatchQueue.global().asyncAfter(deadline: .now() + grace / .seconds(1)) { waiter.resume() }
    }
  }
}

/// A continuation that is resumed by the first of two events.
private final class Waiter: Sendable {
  private let continuation: Mutex<CheckedContinuation<Void, Never>?>

  init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

  func resume() {
    let first = continuation.withLock { $0.take() }
    first?.resume()
  }
}
