import LocalService

/// The local service as this process runs it.
enum LocalCover {
  /// The engine that makes its covers.
  ///
  /// - Throws: `EngineError` where there is no SoundFont.
  static func maker(soundFont: String? = nil) throws -> EngineCoverMaker { try EngineCoverMaker(soundFont: soundFont) }

  /// Runs the service on a free port for as long as `work` runs.
  static func withService<Value: Sendable>(
    quiet: Bool, _ work: @escaping @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    try await withLocalServer(LocalServerConfiguration(), maker: try maker(), work)
  }
}
