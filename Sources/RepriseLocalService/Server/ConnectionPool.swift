internal import FlyingSocks
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

#if canImport(Darwin)
  typealias SystemPool = SocketPool<kQueue>
#else
  typealias SystemPool = SocketPool<ePoll>
#endif

/// FlyingSocks' pool of waiting sockets, with two additions.
///
/// - A connection that receives nothing within the timeout is shut down, between requests or within one.
/// - The pool outlives the server that uses it, so that another server can replace the first after a failed `accept`;
///   FlyingSocks leaks a descriptor for every pool that ends.
final class ConnectionPool: AsyncSocketPool {
  private struct Wait {
    let descriptor: Int32
    let since: ContinuousClock.Instant
  }

  private let pool: SystemPool
  private let idleTimeout: Duration
  private let waits = Mutex<[Int: Wait]>([:])
  private let turns = Atomic(0)

  /// Creates a pool.
  ///
  /// - Parameter idleTimeout: Maximum time for which a connection may receive nothing.
  init(idleTimeout: Duration) {
    self.idleTimeout = idleTimeout
    #if canImport(Darwin)
      pool = .kQueue()
    #else
      pool = .ePoll()
    #endif
  }

  /// Waits for events of the sockets until the task is cancelled; `open()` comes first.
  func serve() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [pool] in try await pool.run() }
      group.addTask { [self] in
        let pause = max(idleTimeout / 8, .milliseconds(5))
        while true {
          try await Task.sleep(for: pause)
          shutIdle()
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Creates the system's event queue.
  func open() async throws { try await pool.prepare() }

  // MARK: - What a server asks of its pool

  func prepare() async throws {}

  /// Sleeps until the task is cancelled: `serve()` does the work, and a server only needs this call to last.
  func run() async throws { while true { try await Task.sleep(for: .seconds(3600)) } }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    let id = turns.add(1, ordering: .relaxed).newValue
    if events.contains(.read) {
      let wait = Wait(descriptor: socket.file.rawValue, since: .now)
      waits.withLock { $0[id] = wait }
    }
    let result: Result<Void, any Error>
    do { result = .success(try await pool.suspendSocket(socket, untilReadyFor: events)) } catch {
      result = .failure(error)
    }
    // From here on the descriptor may be closed and another may get its number.
    _ = waits.withLock { $0.removeValue(forKey: id) }
    await pool.settle(turns)
    try result.get()
  }

  private func shutIdle() {
    let oldest = ContinuousClock.now - idleTimeout
    waits.withLock { waits in
      for wait in waits.values where wait.since < oldest && !Self.isListening(wait.descriptor) {
        // Wakes the waiting reader, for which the connection has ended.
        shutdown(wait.descriptor, Int32(SHUT_RDWR))
      }
    }
  }

  private static func isListening(_ descriptor: Int32) -> Bool {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0
  }
}

extension SocketPool {
  /// Returns once the pool has finished its current turn.
  ///
  /// The pool resumes a waiting reader before it takes the descriptor out of epoll, and a reader that closed the
  /// descriptor in between would leave a stale entry behind.
  fileprivate func settle(_ turns: borrowing Atomic<Int>) { turns.add(1, ordering: .relaxed) }
}
