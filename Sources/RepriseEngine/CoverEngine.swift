package import RepriseAnalysis
public import RepriseAudio
public import RepriseSystem

/// Makes covers on this machine, by signal processing: analysis → arrangement → rendering.
///
/// Each step is a function between plain values (`AudioBuffer` → `Analysis` → `Arrangement` → `AudioBuffer`), so that
/// each can be replaced or called alone. Work runs on threads of its own and stops soon after its task is cancelled.
public struct CoverEngine: Sendable {
  /// A finished cover.
  public struct Cover: Sendable {
    /// The samples of the cover: stereo at 44.1 kHz, −14 LUFS, true peak at most −1 dBTP.
    public let audio: AudioBuffer
    /// The analysis of the reference.
    package let analysis: Analysis
    /// The arrangement that was rendered.
    package let arrangement: Arrangement
    /// Notes to the listener: the style and the reason for it, the tempo, and requests that were not met.
    package let notes: [String]
  }

  /// The SoundFont with the instruments.
  package let soundFont: SoundFont
  /// The learned models that the analysis of a reference uses.
  package let models: LearnedModels

  /// Creates an engine that plays with a SoundFont.
  ///
  /// - Parameter soundFont: Path of the SoundFont; if nil, the one that `SoundFont.init` finds.
  /// - Throws: `EngineError` with `noSoundFont`.
  public init(soundFont: FilePath? = nil) throws(EngineError) { try self.init(soundFontPath: soundFont?.text) }

  /// Creates an engine that plays with a SoundFont.
  ///
  /// - Parameters:
  ///   - soundFontPath: The SoundFont; `nil` for the one that `SoundFont.init` finds.
  ///   - models: The learned models that the analysis uses.
  /// - Throws: `EngineError` with `noSoundFont`.
  package init(soundFontPath: String?, models: LearnedModels = .installed()) throws(EngineError) {
    soundFont = try SoundFont(setting: soundFontPath)
    self.models = models
  }

  /// Loads the SoundFont once, so that a file that cannot be played is found before there is a cover to be made.
  ///
  /// - Throws: `EngineError` if the SoundFont or FluidSynth cannot be used; `CancellationError`.
  package func checkSoundFont() async throws {
    let soundFont = soundFont
    try await offPool("soundfont") { _ in _ = try Synthesizer(soundFont: soundFont, sampleRate: Renderer.sampleRate) }
  }

  /// Arranges a cover: a pure function, quick.
  ///
  /// - Parameters:
  ///   - analysis: Analysis of the reference.
  ///   - prompt: Words for the style, the tempo (`120 bpm`) and the lead instrument; unknown words are ignored.
  /// - Returns: The arrangement.
  package static func arrange(_ analysis: Analysis, prompt: String) -> Arrangement {
    Arranger(analysis: analysis, requests: PromptInterpretation(prompt: prompt)).arrange()
  }

  /// Renders and masters an arrangement: stereo at 44.1 kHz.
  ///
  /// - Parameters:
  ///   - arrangement: The arrangement to render.
  ///   - progress: A function called with the fraction done, 0…1, on the working thread.
  /// - Returns: The samples of the cover.
  /// - Throws: `EngineError` if the SoundFont cannot be played or nothing sounds; `CancellationError`.
  package func render(
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
  ///   - audio: The reference, as for `Analyzer.analyze`.
  ///   - prompt: The prompt, as for `arrange`.
  ///   - lyrics: Lyrics, accepted but not sung; the notes say so.
  ///   - progress: A function called with the fraction done, 0…1, never decreasing, on working threads.
  /// - Returns: The cover with its analysis and arrangement.
  /// - Throws: `AnalysisError` if the reference is too short, too long or silent; `EngineError`; `CancellationError`.
  public func makeCover(
    of audio: AudioBuffer, prompt: String, lyrics: String? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> Cover {
    let analysis = try await Analyzer(models: models).analyze(audio) { progress($0 * 0.55) }
    var arrangement = Self.arrange(analysis, prompt: prompt)
    if let lyrics, !lyrics.isEmpty {
      arrangement.notes.append("lyrics are not sung by the local engine: an instrument plays the tune")
    }
    let result = try await render(arrangement) { progress(0.55 + $0 * 0.45) }
    return Cover(audio: result, analysis: analysis, arrangement: arrangement, notes: arrangement.notes)
  }
}
