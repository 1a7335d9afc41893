import LocalService

/// The local service as `cover` runs it: in this process, on a free port, gone with the command.
enum LocalCover {
  /// Runs the service for as long as `work` runs.
  ///
  /// - Parameters:
  ///   - concurrency: how many covers are made at once.
  ///   - onNotes: told what people should know of the cover, such as that lyrics are not sung.
  /// - Throws: `EngineError` where there is no SoundFont, `LocalServerError`, or what `work` throws.
  static func withService<Value: Sendable>(
    concurrency: Int = 1, onNotes: @escaping @Sendable ([String]) -> Void,
    _ work: @escaping @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = concurrency
    return try await withLocalServer(try LocalServer(configuration, soundFont: nil, onNotes: onNotes), work)
  }
}
