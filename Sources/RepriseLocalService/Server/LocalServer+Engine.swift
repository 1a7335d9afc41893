public import RepriseEngine
public import RepriseSystem

extension LocalServer {
  /// Creates a server whose covers this package's engine makes.
  ///
  /// - Parameters:
  ///   - port: The port on 127.0.0.1; 0 for a free one.
  ///   - soundFont: The instruments' file; `nil` for the one that `CoverEngine` finds.
  /// - Throws: `EngineError` if there is no SoundFont.
  public init(port: UInt16 = 0, soundFont: FilePath? = nil) throws(EngineError) {
    var configuration = LocalServerConfiguration()
    configuration.port = port
    self.init(configuration, engine: try CoverEngine(soundFont: soundFont))
  }
}
