import RepriseEngine
import Foundation
import SyntheticMusic
import Testing

@Suite struct SoundFontTests {
  @Test("the setting comes before the variable, and the variable before what is installed")
  func order() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (one, two) = (folder.path + "/one.sf2", folder.path + "/two.sf3")
    try Data("x".utf8).write(to: URL(fileURLWithPath: one))
    try Data("x".utf8).write(to: URL(fileURLWithPath: two))
    #expect(try SoundFont(setting: one, environment: ["REPRISE_SOUNDFONT": two]).path == one)
    #expect(try SoundFont(setting: nil, environment: ["REPRISE_SOUNDFONT": two]).path == two)
    #expect(try SoundFont(setting: "", environment: ["REPRISE_SOUNDFONT": ""]).path.hasPrefix("/"))
  }

  @Test("a SoundFont that is not there, or is a folder, is named in the error", arguments: ["/nowhere/at.sf2", "/"])
  func missing(path: String) {
    #expect(throws: EngineError.noSoundFont(path: path, namedBy: .setting)) { try CoverEngine(soundFont: path) }
    #expect(throws: EngineError.noSoundFont(path: path, namedBy: .environment)) {
      try SoundFont(setting: nil, environment: ["REPRISE_SOUNDFONT": path])
    }
  }

  @Test("a file that is no SoundFont is said to be none")
  func bad() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".sf2").path
    try Data("RIFF this is no SoundFont at all".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let engine = try CoverEngine(soundFont: path)
    let arrangement = CoverEngine.arrange(SyntheticSong(bars: 2).analysis, prompt: "piano")
    await #expect(throws: EngineError.badSoundFont(path: path)) { try await engine.render(arrangement) }
  }
}
