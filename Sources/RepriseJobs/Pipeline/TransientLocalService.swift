package import RepriseLocalService
package import RepriseService

/// The local service within the pipeline: in this process, on a free port, for the duration of the work.
package enum TransientLocalService {
  /// Runs the service for as long as `work` runs.
  ///
  /// - Parameters:
  ///   - rules: The limits of the service; its base URL is replaced by the actual one.
  ///   - concurrency: Maximum number of covers made at once.
  ///   - onNotes: A function called with the notes to the listener about a cover, such as that lyrics are not sung.
  ///   - work: A function called with the description of the running service.
  /// - Returns: The result of `work`.
  /// - Throws: `EngineError` if there is no SoundFont that can be played, `LocalServerError`, or an error of `work`.
  package static func run<Value: Sendable>(
    _ rules: ServiceDescription, concurrency: Int, onNotes: @escaping @Sendable (CoverNotes) -> Void,
    _ work: @escaping @Sendable (_ service: ServiceDescription) async throws -> Value
  ) async throws -> Value {
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = concurrency
    configuration.promptLength = rules.limits.promptLength
    configuration.lyricsLength = rules.limits.lyricsLength
    let server = try await LocalServer.withEngine(configuration, onNotes: onNotes)
    return try await withLocalServer(server) { baseURL in
      var service = rules
      service.baseURL = baseURL
      return try await work(service)
    }
  }
}
