internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import RepriseSystem
internal import Synchronization

/// The cover service's own HTTP contract on this machine: `POST` and `GET /v2/generate/audio`, `GET /v2/logs` and the
/// results, on 127.0.0.1 only.
///
/// The service requires no key; an `Authorization` header is ignored, and refused at a result's link. docs/openapi.yaml
/// describes the contract.
public struct LocalServer: Sendable {
  private let configuration: LocalServerConfiguration
  private let maker: any CoverMaker
  private let inspector: any ReferenceInspecting
  private let fetcher: any ReferenceFetcher

  /// Creates a service that is not running yet.
  package init(
    _ configuration: LocalServerConfiguration = .init(), maker: any CoverMaker,
    inspector: any ReferenceInspecting, fetcher: any ReferenceFetcher
  ) {
    self.configuration = configuration
    self.maker = maker
    self.inspector = inspector
    self.fetcher = fetcher
  }

  /// Serves until the task is cancelled; then stops running generations and removes the service's private directory.
  ///
  /// - Parameter onListening: A function called once, with the base URL, when connections are accepted.
  /// - Throws: `LocalServerError` if the port is not available, `FileError` if the private directory cannot be created.
  ///   Cancellation is the normal end and throws nothing.
  package func run(onListening: @escaping @Sendable (_ baseURL: String) async -> Void) async throws {
    let directory = try WorkDirectory(in: configuration.temporaryDirectory)
    defer { directory.removeAll() }
    let limits = GenerationTable.Limits(
      concurrent: max(1, configuration.concurrentGenerations), queued: max(0, configuration.queueLength),
      resultLifetime: configuration.resultLifetime, generationLifetime: configuration.generationLifetime,
      remembered: max(1, configuration.rememberedGenerations))
    let store = GenerationStore(limits: limits, directory: directory, onEvent: configuration.onEvent)
    let baseURL = BaseURL()
    let router = Router(
      submit: SubmitRoute(store: store, directory: directory, configuration: configuration, inspector: inspector),
      results: ResultRoute(store: store, directory: directory), logs: LogsRoute(store: store), store: store,
      baseURL: baseURL,
      onEvent: configuration.onEvent)
    let runner = GenerationRunner(
      store: store, directory: directory, configuration: configuration, maker: maker, inspector: inspector,
      fetcher: fetcher)
    let pool = ConnectionPool(idleTimeout: max(configuration.connectionTimeout, configuration.idleTimeout * 2))
    do { try await pool.open() } catch { throw startError(error) }
    let listener = Listener(configuration: configuration, pool: pool, router: router)
    let sweep = min(configuration.resultLifetime, configuration.generationLifetime, .seconds(60))

    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await runner.run() }
      group.addTask {
        while true {
          try await Task.sleep(for: max(sweep, .milliseconds(10)))
          await store.expire()
        }
      }
      group.addTask { try await pool.serve() }
      group.addTask {
        try await listener.run { port in
          baseURL.set("http://127.0.0.1:\(port)")
          await onListening(baseURL.value)
        }
      }
      defer { group.cancelAll() }
      do {
        try await group.next()
      } catch {
        group.cancelAll()
        if Task.isCancelled { return }
        throw error
      }
    }
  }

  private func startError(_ error: any Error) -> any Error {
    guard case SocketError.failed(_, let number, let message) = error else { return error }
    return LocalServerError(port: configuration.port, .init(errno: number, message: message))
  }
}

/// Base URL of the service, known once it listens.
final class BaseURL: Sendable {
  private let text = Mutex("")
  func set(_ value: String) { text.withLock { $0 = value } }
  var value: String { text.withLock { $0 } }
}

/// Runs a local service for as long as `body` runs.
///
/// - Parameters:
///   - server: The service to run.
///   - body: A function called with the base URL, such as `http://127.0.0.1:43210`.
/// - Returns: The result of `body`, after the service has stopped and its private directory is removed.
/// - Throws: `LocalServerError` or `FileError` if the service cannot run, or an error of `body`.
public func withLocalServer<Value: Sendable>(
  _ server: LocalServer, _ body: @escaping @Sendable (_ baseURL: String) async throws -> Value
) async throws -> Value {
  let (addresses, address) = AsyncStream<String>.makeStream()
  return try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask {
      defer { address.finish() }
      try await server.run { address.yield($0) }
      return nil
    }
    group.addTask {
      for await baseURL in addresses { return try await body(baseURL) }
      return nil
    }
    defer { group.cancelAll() }
    while let value = try await group.next() {
      // Leaving waits for the server's task, and with it for the removal of the directory.
      if let value { return value }
    }
    throw CancellationError()
  }
}
