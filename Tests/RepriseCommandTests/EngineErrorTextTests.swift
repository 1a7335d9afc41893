import RepriseAnalysis
import RepriseCommand
import RepriseEngine
import RepriseLocalService
import Testing

@Suite("The words of the engine and the local service")
struct EngineErrorTextTests {
  @Test(
    "what cannot be analysed",
    arguments: [
      (AnalysisError.tooShort(seconds: 3, minimum: 4), "3.0 s of music is too little to follow; give at least 4 s"),
      (
        .tooLong(seconds: 1801, maximum: 1800), "1801 s is more than the engine takes (1800 s); cut the recording"
      ),
      (
        .silent(below: -70), "the recording is silent (its peak is below -70 dBFS); there is nothing to cover"
      ),
    ])
  func analysis(error: AnalysisError, message: String) { #expect(EngineErrorText.sentence(error) == message) }

  @Test(
    "what cannot be played",
    arguments: [
      (
        EngineError.noSoundFont(path: "a.sf2", namedBy: .setting),
        "a.sf2: no such SoundFont (named by the setting); name an .sf2 or .sf3 file"
      ),
      (
        .noSoundFont(path: "a.sf2", namedBy: .environment),
        "a.sf2: no such SoundFont (named by REPRISE_SOUNDFONT); name an .sf2 or .sf3 file"
      ),
      (
        .noSoundFontInstalled,
        "no SoundFont found; install one (apt install musescore-general-soundfont-small), or name any .sf2 or .sf3 file in "
          + "REPRISE_SOUNDFONT"
      ),
      (
        .badSoundFont(path: "a.sf2", namedBy: .installation),
        "a.sf2: not a SoundFont that FluidSynth can load; name another in REPRISE_SOUNDFONT"
      ),
      (
        .badSoundFont(path: "a.sf2", namedBy: .environment),
        "a.sf2: not a SoundFont that FluidSynth can load (named by REPRISE_SOUNDFONT); name another"
      ),
      (.tooLong(seconds: 4000, maximum: 3600), "a cover of 4000.0 s cannot be rendered; the most is 3600.0 s"),
      (.silent(loudness: -80), "the rendered cover is silent (-80.0 LUFS)"),
      (
        .noSynthesizer("no such library"),
        "FluidSynth could not be loaded (no such library); install it: apt install libfluidsynth3, or brew install "
          + "fluid-synth"
      ),
      (.synthesizerFailed(.setUp), "FluidSynth could not be set up: out of memory"),
      (.synthesizerFailed(.start), "FluidSynth could not be started: out of memory"),
      (.synthesizerFailed(.render(frames: 64)), "FluidSynth could not render 64 frames"),
    ])
  func engine(error: EngineError, message: String) { #expect(EngineErrorText.sentence(error) == message) }

  @Test(
    "the option by which a SoundFont was named is named",
    arguments: [
      (
        EngineError.noSoundFont(path: "a.sf2", namedBy: .setting),
        "a.sf2: no such SoundFont (named by --soundfont); name an .sf2 or .sf3 file"
      ),
      (
        .badSoundFont(path: "a.sf2", namedBy: .setting),
        "a.sf2: not a SoundFont that FluidSynth can load (named by --soundfont); name another"
      ),
      (
        .badSoundFont(path: "a.sf2", namedBy: .installation),
        "a.sf2: not a SoundFont that FluidSynth can load; name another by --soundfont or in REPRISE_SOUNDFONT"
      ),
      (
        .noSoundFont(path: "a.sf2", namedBy: .environment),
        "a.sf2: no such SoundFont (named by REPRISE_SOUNDFONT); name an .sf2 or .sf3 file"
      ),
    ])
  func option(error: EngineError, message: String) {
    #expect(EngineErrorText.sentence(error, named: "--soundfont") == message)
  }

  @Test(
    "why a service cannot be had",
    arguments: [
      (LocalServerError.Reason.portInUse, "another program is using it; choose another --port, or 0 for any free one"),
      (.portForbidden, "only an administrator may use it; choose a --port above 1023"),
      (
        .processFilesExhausted,
        "this process has as many files and connections open as it may; raise the limit with 'ulimit -n'"
      ),
      (
        .systemFilesExhausted, "the system has as many files open as it may; close programs, or raise fs.file-max"
      ),
      (.notListening, "it is not listening"),
      (.system(errno: 99, message: "no such address"), "no such address"),
    ])
  func server(reason: LocalServerError.Reason, message: String) {
    #expect(
      ServeText.sentence(LocalServerError(port: 8080, reason)) == "127.0.0.1:8080: cannot serve there: \(message)")
    #expect(
      ServeText.line(.connectionsClosed(reason)) == "every connection was closed, generations go on: \(message)")
  }

  @Test("other events are as the service tells them")
  func event() {
    #expect(ServeText.line(.generation(id: "a", step: .progress(0.256))) == "a 26 %")
  }
}
