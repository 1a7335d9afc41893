/// An error of the engine while a cover is made.
public enum EngineError: Error, Equatable {
  /// The kinds of error that callers distinguish.
  package enum Code: String, Sendable {
    /// No SoundFont is installed where the engine looks.
    case noSoundFont
    /// The SoundFont cannot be loaded.
    case badSoundFont
    /// The cover would be longer than the engine renders.
    case tooLong
    /// Nothing sounds in the cover.
    case silent
    /// A library failed while the cover was made.
    case synthesis
  }

  /// A FluidSynth operation that can fail.
  public enum Operation: Sendable, Equatable {
    /// Creation of the settings, for lack of memory.
    case setUp
    /// Creation of the synthesizer, for lack of memory.
    case start
    /// Rendering of the given number of frames.
    case render(frames: Int)
  }

  /// There is no SoundFont at the given path.
  case noSoundFont(path: String, namedBy: SoundFont.Source)
  /// No SoundFont was named, and none is installed where the engine looks.
  case noSoundFontInstalled
  /// FluidSynth cannot load the SoundFont.
  case badSoundFont(path: String, namedBy: SoundFont.Source)
  /// A cover of the given duration in seconds is longer than the engine renders.
  case tooLong(seconds: Double, maximum: Double)
  /// The rendered cover is silent; the loudness is the integrated loudness in LUFS.
  case silent(loudness: Double)
  /// FluidSynth is not installed; the text is the message of the system's loader.
  case noSynthesizer(String)
  /// FluidSynth failed.
  case synthesizerFailed(Operation)

  /// The kind of error.
  package var code: Code {
    switch self {
    case .noSoundFont, .noSoundFontInstalled: .noSoundFont
    case .badSoundFont: .badSoundFont
    case .tooLong: .tooLong
    case .silent: .silent
    case .noSynthesizer, .synthesizerFailed: .synthesis
    }
  }
}

extension EngineError: CustomStringConvertible {
  /// A short phrase that describes the error.
  public var description: String {
    switch self {
    case .noSoundFont(let path, let source): "\(path): no such SoundFont (named by \(source))"
    case .noSoundFontInstalled: "no SoundFont found"
    case .badSoundFont(let path, _): "\(path): not a SoundFont that FluidSynth can load"
    case .tooLong(let seconds, let maximum):
      "a cover of \(seconds) s cannot be rendered; the most is \(maximum) s"
    case .silent(let loudness): "the rendered cover is silent (\(loudness) LUFS)"
    case .noSynthesizer(let reason): "FluidSynth could not be loaded (\(reason))"
    case .synthesizerFailed(.setUp): "FluidSynth could not be set up: out of memory"
    case .synthesizerFailed(.start): "FluidSynth could not be started: out of memory"
    case .synthesizerFailed(.render(let frames)): "FluidSynth could not render \(frames) frames"
    }
  }
}
