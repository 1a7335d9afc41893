import RepriseAnalysis
import RepriseEngine
import RepriseLocalService
import Testing

@Suite("What a poll says of the engine's errors")
struct CoverFailureTests {
  @Test(
    "of what cannot be analysed",
    arguments: [
      (AnalysisError.tooShort(seconds: 3, minimum: 4), "3.0 s of music is too little to follow; give at least 4 s"),
      (.tooLong(seconds: 1801, maximum: 1800), "1801 s is more than the engine takes (1800 s); cut the recording"),
      (.silent(below: -70), "the recording is silent (its peak is below -70 dBFS); there is nothing to cover"),
    ])
  func analysis(error: AnalysisError, message: String) {
    #expect(CoverFailure(error) == CoverFailure(name: "EngineError", message: message))
  }

  @Test(
    "of what cannot be played",
    arguments: [
      (
        EngineError.badSoundFont(path: "a.sf2", namedBy: .environment),
        "a.sf2: not a SoundFont that FluidSynth can load; name another in REPRISE_SOUNDFONT"
      ),
      (
        .noSynthesizer("not found"),
        "FluidSynth could not be loaded (not found); install it: apt install libfluidsynth3, or brew install fluid-synth"
      ),
      (.silent(loudness: -80.5), "the rendered cover is silent (-80.5 LUFS)"),
      (.synthesizerFailed(.render(frames: 64)), "FluidSynth could not render 64 frames"),
    ])
  func engine(error: EngineError, message: String) {
    #expect(CoverFailure(error) == CoverFailure(name: "EngineError", message: message))
  }
}
