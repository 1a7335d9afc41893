import RepriseEngine
import Foundation
import SyntheticMusic
import TestSupport
import Testing

@Suite("Finding a SoundFont")
struct SoundFontTests {
  @Test("the setting comes before the variable, and the variable before what is installed")
  func order() throws {
    let scratch = try Scratch()
    let (one, two) = (try scratch.file("one.sf2", [0x78]), try scratch.file("two.sf3", [0x78]))
    #expect(try SoundFont(setting: one, environment: ["REPRISE_SOUNDFONT": two]).path == one)
    #expect(try SoundFont(setting: nil, environment: ["REPRISE_SOUNDFONT": two]).path == two)
    #expect(try SoundFont(setting: "", environment: ["REPRISE_SOUNDFONT": ""]).path.hasPrefix("/"))
  }

  @Test("a SoundFont that is not there, or is a directory, is named in the error", arguments: ["/nowhere/at.sf2", "/"])
  func missing(path: String) {
    #expect(throws: EngineError.noSoundFont(path: path, namedBy: .setting)) { try CoverEngine(soundFontPath: path) }
    #expect(throws: EngineError.noSoundFont(path: path, namedBy: .environment)) {
      try SoundFont(setting: nil, environment: ["REPRISE_SOUNDFONT": path])
    }
  }

  @Test("a file that is no SoundFont is said to be none")
  func bad() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("bad.sf2", Array("RIFF this is no SoundFont at all".utf8))
    let engine = try CoverEngine(soundFontPath: path)
    let arrangement = CoverEngine.arrange(SyntheticSong(bars: 2).analysis, prompt: "piano")
    await #expect(throws: EngineError.badSoundFont(path: path)) { try await engine.render(arrangement) }
  }
}
