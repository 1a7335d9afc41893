package import RepriseLocalService
package import RepriseService

/// The local service as the pipeline runs it: in this process, on a free port, gone when the work is done.
package enum TransientLocalService {
  /// Runs the service for as long as `work` runs.
  ///
  /// - Parameters:
  ///   - rules: What the service takes; its base URL is the one it gets.
  ///   - concurrency: How many covers are made at once.
  ///   - onNotes: Told what people should know of a cover, such as that lyrics are not sung.
  ///   - work: Given the service as it can be asked.
  /// - Throws: `EngineError` where there is no SoundFont, `LocalServerError`, or what `work` throws.
  package static func run<Value: Sendable>(
    _ rules: ServiceDescription, concurrency: Int, onNotes: @escaping @Sendable (CoverNotes) -> Void,
    _ work: @escaping @Sendable (_ service: ServiceDescription) async throws -> Value
  ) async throws -> Value {
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = concurrency
    configuration.promptLength = rules.limits.promptLength
    configuration.lyricsLength = rules.limits.lyricsLength
    let server = try LocalServer(configuration, soundFont: nil, onNotes: onNotes)
    return try await withLocalServer(server) { baseURL in
      var service = rules
      service.baseURL = baseURL
      return try await work(service)
    }
  }
}
