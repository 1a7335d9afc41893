import LocalService

/// The local service as this process runs it.
enum LocalCover {
  /// The service with the engine behind it, not running yet.
  ///
  /// - Throws: `EngineError` where there is no SoundFont.
  static func server(_ configuration: LocalServerConfiguration, soundFont: String? = nil) throws -> LocalServer {
    try LocalServer(configuration, soundFont: soundFont)
  }

  /// Runs the service on a free port for as long as `work` runs.
  static func withService<Value: Sendable>(
    _ work: @escaping @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    try await withLocalServer(try server(LocalServerConfiguration()), work)
  }
}
