internal import RepriseAnalysis
internal import RepriseAudio
package import RepriseEngine
package import RepriseService
internal import RepriseSystem
internal import RepriseSignal

/// Notes to the listener about a cover, such as that lyrics are not sung.
package struct CoverNotes: Sendable, Equatable {
  /// The notes, one sentence each.
  package let texts: [String]
  /// The `X-Client-Request-Id` of the submission, or nil.
  package let clientRequestID: String?
}

/// Makes covers with this package's own engine.
package struct EngineCoverMaker: CoverMaker {
  private let engine: CoverEngine
  private let onNotes: @Sendable (CoverNotes) -> Void

  /// Creates a maker that uses an engine.
  ///
  /// - Parameters:
  ///   - engine: The engine.
  ///   - onNotes: A function called with the notes on each cover, such as that lyrics are not sung; the contract has no
  ///     field for them.
  package init(_ engine: CoverEngine, onNotes: @escaping @Sendable (CoverNotes) -> Void = { _ in }) {
    self.engine = engine
    self.onNotes = onNotes
  }

  /// Decodes the reference, makes the cover and encodes it: mp3 at the constant bit rate of the setting, wav or
  /// headerless samples of 16 bits; stereo, at the sample rate of the setting (libsoxr).
  ///
  /// - Throws: `CoverFailure` named `ReferenceError`, `EngineError` or `EncodingError`; `CancellationError`.
  package func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    let cover: AudioBuffer
    do {
      let audio = try await offPool("reprise.decode") { cancellation in
        try AudioBuffer(
          decoding: reference, maximumSeconds: AudioLimits().maximumSeconds + 1, cancellation: cancellation)
      }
      progress(0.05)
      let made = try await engine.makeCover(of: audio, prompt: prompt, lyrics: lyrics) { progress(0.05 + $0 * 0.85) }
      if !made.notes.isEmpty {
        onNotes(CoverNotes(texts: made.notes, clientRequestID: GenerationContext.clientRequestID))
      }
      cover = made.audio
    } catch let error as AudioFileError {
      throw CoverFailure(name: "ReferenceError", message: error.description)
    } catch let error as AnalysisError {
      throw CoverFailure(error)
    } catch let error as EngineError {
      throw CoverFailure(error)
    }
    do {
      try await offPool("reprise.encode") { cancellation in
        try Self.encode(cover, setting, to: output, cancellation)
      }
    } catch let error as AudioFileError {
      throw CoverFailure(name: "EncodingError", message: "\(error.problem)")
    } catch let error as FileError {
      throw CoverFailure(name: "EncodingError", message: error.description)
    }
    progress(1)
  }

  /// Encodes in pieces, so that only the engine's own samples are in memory.
  private static func encode(
    _ audio: AudioBuffer, _ setting: Contract.AudioSetting, to output: String, _ cancellation: Cancellation
  ) throws {
    let file = try TemporaryFile(for: output, replacing: false)
    var encoder = try AudioEncoder(
      path: file.path, encoding: encoding(setting), sampleRate: setting.sampleRate, channels: audio.channels)
    var resampler =
      audio.sampleRate == setting.sampleRate
      ? nil
      : try StreamResampler(channels: audio.channels, from: Double(audio.sampleRate), to: Double(setting.sampleRate))
    let piece = 65_536 * audio.channels
    var start = 0
    while start < audio.samples.count {
      try cancellation.check()
      let end = min(start + piece, audio.samples.count)
      let samples = Array(audio.samples[start..<end])
      try encoder.write(try resampler?.process(samples) ?? samples)
      start = end
    }
    if let resampler = resampler.take() { try encoder.write(try resampler.finish()) }
    try encoder.finish()
    try file.commit()
  }

  private static func encoding(_ setting: Contract.AudioSetting) -> AudioEncoder.Encoding {
    switch setting.format {
    case .mp3: .mp3(bitrate: highestBitrate(upTo: setting.bitrate, sampleRate: setting.sampleRate))
    case .wav: .wav(bitsPerSample: 16)
    case .pcm: .pcm16
    }
  }

  /// Returns the highest bit rate that the sample rate permits.
  ///
  /// The contract offers every bit rate at every sample rate; MPEG-2 (24 kHz and below) ends at 160 kbit/s.
  private static func highestBitrate(upTo bitrate: Int, sampleRate: Int) -> Int {
    AudioEncoder.bitrates(sampleRate: sampleRate).last { $0 <= bitrate } ?? bitrate
  }
}

extension LocalServer {
  /// Creates a service that uses this package's engine, once the engine's SoundFont has been loaded.
  ///
  /// - Parameters:
  ///   - configuration: Configuration of the service.
  ///   - soundFont: Path of a SoundFont; nil for the one that is found.
  ///   - onNotes: A function called with notes, as for `EngineCoverMaker`.
  /// - Returns: The service.
  /// - Throws: `EngineError` if there is no SoundFont, or it cannot be played; `CancellationError`.
  package static func withEngine(
    _ configuration: LocalServerConfiguration, soundFont: String? = nil,
    onNotes: @escaping @Sendable (CoverNotes) -> Void = { _ in }
  ) async throws -> LocalServer {
    let engine = try CoverEngine(soundFontPath: soundFont)
    try await engine.checkSoundFont()
    return LocalServer(configuration, engine: engine, onNotes: onNotes)
  }

  /// Creates a service that uses an engine of this package.
  ///
  /// - Parameters:
  ///   - configuration: Configuration of the service.
  ///   - engine: The engine.
  ///   - onNotes: A function called with notes, as for `EngineCoverMaker`.
  init(
    _ configuration: LocalServerConfiguration, engine: CoverEngine,
    onNotes: @escaping @Sendable (CoverNotes) -> Void = { _ in }
  ) {
    self.init(
      configuration, maker: EngineCoverMaker(engine, onNotes: onNotes),
      inspector: AudioReferenceInspector(maximumBytes: configuration.maximumReferenceBytes),
      fetcher: LinkedReferenceFetcher())
  }
}
