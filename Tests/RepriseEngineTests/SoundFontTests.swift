import RepriseEngine
import Foundation
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

  @Test("a SoundFont that is not there, or is a folder, is named in the error", arguments: ["/nowhere/at.sf2", "/"])
  func missing(path: String) {
    #expect { try CoverEngine(soundFont: path) } throws: {
      ($0 as? EngineError)?.code == .noSoundFont && "\($0)".hasPrefix("\(path): no such SoundFont")
    }
    #expect { try SoundFont(setting: nil, environment: ["REPRISE_SOUNDFONT": path]) } throws: {
      "\($0)".contains("REPRISE_SOUNDFONT")
    }
  }

  @Test("a file that is no SoundFont is said to be none")
  func bad() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("bad.sf2", Array("RIFF this is no SoundFont at all".utf8))
    let engine = try CoverEngine(soundFont: path)
    let arrangement = CoverEngine.arrange(SyntheticSong(bars: 2).analysis, prompt: "piano")
    await #expect { try await engine.render(arrangement) } throws: {
      ($0 as? EngineError)?.code == .badSoundFont && "\($0)".hasPrefix("\(path): ")
    }
  }
}
