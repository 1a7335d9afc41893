internal import Dispatch
internal import RepriseSystem
internal import Synchronization

/// Writes a log's lines on a thread of its own, so that a log nobody reads holds up nobody.
///
/// A pipe that is full makes `write(2)` wait for as long as its reader likes. Here only the log waits: lines beyond a
/// bound are dropped and counted, and the count is written once there is room again.
public final class LogWriter: Sendable {
  private struct State {
    var waiting = 0
    var dropped = 0
  }

  private let capacity: Int
  private let put: @Sendable (String) -> Void
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "reprise.log")

  /// - Parameters:
  ///   - capacity: how many lines may wait, at least 1.
  ///   - put: writes one line; it may block for ever. Never called twice at once.
  public init(capacity: Int = 1000, put: @escaping @Sendable (String) -> Void) {
    self.capacity = max(1, capacity)
    self.put = put
  }

  /// Hands a line over and returns at once.
  public func write(_ line: String) {
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

  /// How many lines were dropped since the last that was written.
  public var droppedLines: Int { state.withLock { $0.dropped } }

  /// Gives the waiting lines `grace` to be written; what is stuck then stays behind.
  public func finish(within grace: Duration = .milliseconds(250)) async {
    await withCheckedContinuation { continuation in
      let waiter = Waiter(continuation)
      queue.async { waiter.resume() }
      DispatchQueue.global().asyncAfter(deadline: .now() + grace / .seconds(1)) { waiter.resume() }
    }
  }
}

/// Someone who waits for the first of two events.
private final class Waiter: Sendable {
  private let continuation: Mutex<CheckedContinuation<Void, Never>?>

  init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

  func resume() {
    let first = continuation.withLock { $0.take() }
    first?.resume()
  }
}
