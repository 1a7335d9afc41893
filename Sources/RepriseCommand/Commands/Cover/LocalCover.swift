import RepriseService
import RepriseLocalService

/// The local service as `cover` runs it: in this process, on a free port, gone with the command.
enum LocalCover {
  /// Runs the service for as long as `work` runs.
  ///
  /// - Parameters:
  ///   - rules: what the service takes; its base URL is the one it gets.
  ///   - concurrency: how many covers are made at once.
  ///   - onNotes: told what people should know of a cover, such as that lyrics are not sung.
  /// - Throws: `EngineError` where there is no SoundFont, `LocalServerError`, or what `work` throws.
  static func withService<Value: Sendable>(
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
