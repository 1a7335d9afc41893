public import AudioFiles
import Platform

/// Makes covers here, by signal processing: analysis → arrangement → rendering.
public struct CoverEngine: Sendable {
  private let soundFont: SoundFont

  /// An engine that plays with a SoundFont.
  ///
  /// - Parameter soundFont: a file; if nil, as `SoundFont.init` finds one.
  /// - Throws: `EngineError` with `noSoundFont`.
  public init(soundFont: String? = nil) throws(EngineError) {
    self.soundFont = try SoundFont(setting: soundFont)
  }

  /// Listens to a recording, off the cooperative pool; needs no SoundFont.
  ///
  /// - Throws: `EngineError` if there is too little to hear; `CancellationError`.
  public static func analyze(
    _ audio: AudioBuffer, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> Analysis {
    try await offPool("analysis") { cancellation in
      try Analyzer(cancellation: cancellation, progress: progress).analyze(audio)
    }
  }
}
