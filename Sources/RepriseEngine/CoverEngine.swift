public import RepriseAnalysis
public import RepriseAudio
import RepriseSystem

/// Makes covers here, by signal processing: analysis → arrangement → rendering.
///
/// Each step is a function between plain values (`AudioBuffer` → `Analysis` → `Arrangement` → `AudioBuffer`), so that each
/// can be replaced, or called, alone. Work runs on threads of its own and stops soon after its task is cancelled.
public struct CoverEngine: Sendable {
  /// A finished cover.
  public struct Cover: Sendable {
    /// Stereo at 44.1 kHz, −14 LUFS, true peak at most −1 dBTP.
    public let audio: AudioBuffer
    /// What was heard in the reference.
    public let analysis: Analysis
    /// What was played.
    public let arrangement: Arrangement
    /// What a listener should be told: the style and why, the tempo, what was asked for and not done.
    public let notes: [String]
  }

  /// The instruments.
  public let soundFont: SoundFont

  /// An engine that plays with a SoundFont.
  ///
  /// - Parameter soundFont: a file; if nil, as `SoundFont.init` finds one.
  /// - Throws: `EngineError` with `noSoundFont`.
  public init(soundFont: String? = nil) throws(EngineError) {
    self.soundFont = try SoundFont(setting: soundFont)
  }

  /// Writes a cover down: a pure function, quick.
  ///
  /// - Parameters:
  ///   - analysis: of the reference.
  ///   - prompt: words for the style, the tempo (`120 bpm`), the leading instrument; unknown ones are passed over.
  public static func arrange(_ analysis: Analysis, prompt: String) -> Arrangement {
    Arranger(analysis: analysis, wishes: Wishes(prompt: prompt)).arrange()
  }

  /// Plays and masters an arrangement: stereo at 44.1 kHz.
  ///
  /// - Parameters:
  ///   - arrangement: what to play.
  ///   - progress: called with 0…1, from the working thread.
  /// - Returns: the cover's samples.
  /// - Throws: `EngineError` if the SoundFont cannot be played or nothing sounds; `CancellationError`.
  public func render(
    _ arrangement: Arrangement, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> AudioBuffer {
    let soundFont = soundFont
    return try await offPool("rendering") { cancellation in
      var samples = try Renderer(soundFont: soundFont).render(arrangement, cancellation: cancellation) {
        progress($0 * 0.6)
      }
      Ending.fade(&samples, sampleRate: Renderer.sampleRate)
      try Mastering().apply(to: &samples, sampleRate: Renderer.sampleRate, cancellation: cancellation)
      progress(1)
      return AudioBuffer(samples: samples, channels: 2, sampleRate: Renderer.sampleRate)
    }
  }

  /// Makes a cover.
  ///
  /// - Parameters:
  ///   - audio: the reference, as for `Analyzer.analyze`.
  ///   - prompt: as for `arrange`.
  ///   - lyrics: accepted; this engine does not sing, and says so in the notes.
  ///   - progress: called with 0…1, from working threads, never falling.
  /// - Returns: the cover, and what was heard and played.
  /// - Throws: `AnalysisError` if there is too little or too much to hear; `EngineError`; `CancellationError`.
  public func makeCover(
    of audio: AudioBuffer, prompt: String, lyrics: String? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> Cover {
    let analysis = try await Analyzer().analyze(audio) { progress($0 * 0.55) }
    var arrangement = Self.arrange(analysis, prompt: prompt)
    if let lyrics, !lyrics.isEmpty {
      arrangement.notes.append("lyrics are not sung by the local engine: an instrument plays the tune")
    }
    let result = try await render(arrangement) { progress(0.55 + $0 * 0.45) }
    return Cover(audio: result, analysis: analysis, arrangement: arrangement, notes: arrangement.notes)
  }
}
