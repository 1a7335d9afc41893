internal import FlyingFox
internal import FlyingSocks
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Accepts connections, and resumes after a failed `accept`.
///
/// FlyingFox's server ends with the first `accept` that fails, though the next may succeed: when descriptors run out
/// the server closes every connection, which frees most of them. Another server then replaces it at the same port,
/// without any effect on generations and results.
final class Listener: Sendable {
  private let configuration: LocalServerConfiguration
  private let pool: ConnectionPool
  private let router: Router
  private let state = Mutex(State())

  private struct State {
    /// The port, once it is known.
    var port: UInt16?
    /// Number of rounds that have ended since a connection was last accepted.
    var failures = 0
  }

  /// Pause before the next attempt, in which descriptors or memory may become free.
  private static let pause = Duration.milliseconds(250)
  /// Maximum number of attempts to get back a port that another process has taken meanwhile: 10 s.
  private static let mostTries = 40
  /// Transient errors: descriptors, memory, a client that left before its connection was accepted.
  private static let passing = [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED, EPROTO]

  init(configuration: LocalServerConfiguration, pool: ConnectionPool, router: Router) {
    self.configuration = configuration
    self.pool = pool
    self.router = router
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter onListening: A function called once, with the port.
  /// - Throws: `LocalServerError` if the port is not available or permanently lost.
  func run(onListening: @escaping @Sendable (UInt16) async -> Void) async throws {
    while true {
      do {
        try await serveOnce(onListening: onListening)
      } catch SocketError.failed(_, let number, let message) {
        let state = state.withLock { state in
          defer { state.failures += 1 }
          return state
        }
        let isPassing =
          Self.passing.contains(number) || (number == EADDRINUSE && state.failures < Self.mostTries)
        guard state.port != nil, isPassing else {
          throw LocalServerError(
            port: state.port ?? configuration.port, .init(errno: number, message: message))
        }
        try Task.checkCancellation()
        if state.failures == 0 {
          configuration.onEvent(.connectionsClosed(.init(errno: number, message: message)))
        }
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  private func serveOnce(onListening: @escaping @Sendable (UInt16) async -> Void) async throws {
    let port = state.withLock { $0.port }
    let server = HTTPServer(
      config: .init(
        address: try .inet(ip4: "127.0.0.1", port: port ?? configuration.port),
        // Uploads and generations keep time themselves; this bound is for nothing else.
        timeout: 24 * 3600,
        // Larger bodies come as a stream that nothing keeps for a second reading.
        sharedRequestBufferSize: IncomingBody.bufferSize, sharedRequestReplaySize: 0, pool: pool, logger: .disabled))
    await server.appendRoute("*", for: Router.methods, to: router)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask { [self] in
        try await server.waitUntilListening(timeout: 60)
        guard case .ip4(_, let listening) = await server.listeningAddress else {
          throw LocalServerError(port: configuration.port, .notListening)
        }
        let isFirst = state.withLock { state in
          defer { (state.port, state.failures) = (listening, 0) }
          return state.port == nil
        }
        if isFirst { await onListening(listening) }
        // Stay: the group ends with the first task that does.
        while true { try await Task.sleep(for: .seconds(3600)) }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
