import CommandSupport
import Foundation
import Testing
import TestSupport

@Suite("Files made of analyses")
struct AnalyzeExportTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test("--export writes every form beside each other, named after the recording, and nothing twice", .takesLong)
  func export() async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(atPath: recording, toPath: command.path("Zoë & co.mp3"))
    let result = try await command.run("analyze", "Zoë & co.mp3", "--export", "out", "--abc", "score.abc")
    #expect(result.status == 0, "\(result.messages)")
    let suffixes = [
      "abc", "beats.lab", "cho", "chords.lab", "keys.lab", "mid", "musicxml", "png", "sections.lab", "svg",
    ]
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: command.path("out")).sorted()
        == suffixes.map { "Zoë & co." + $0 })
    let abc = try Data(contentsOf: URL(fileURLWithPath: command.path("score.abc")))
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("out/Zoë & co.abc"))) == abc)
    #expect(result.messages.contains("score.abc: "))
    let again = try await command.run("analyze", "Zoë & co.mp3", "--midi", "out/Zoë & co.mid")
    #expect(again.status == 74 && again.output.isEmpty)
    #expect(again.messages.contains("--force"), "\(again.messages)")
  }

  @Test("- writes the one export to stdout, and the sheet stays out of it", .takesLong)
  func stdout() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("analyze", recording, "--abc", "-")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.hasPrefix("X:1\nT:\nM:"))
    #expect(result.output.hasSuffix("|\n"))
    #expect(try command.files().isEmpty)
  }

  private static let refused: [([String], Int32)] = [
    (["--lab", "-"], 64), (["--export", "-"], 64), (["--midi", "-", "--png", "-"], 64),
    (["--midi", "-", "--json"], 64),
    (["--force"], 64), (["--midi", ""], 64), (["--svg", "none/x.svg"], 74), (["--midi", "taken.mid"], 74),
    (["--lab", "taken.mid"], 64), (["--midi", "song.mp3", "--force"], 64), (["--midi", "x", "--abc", "x"], 64),
  ]

  @Test("exports that can't be are refused before anything is heard", arguments: refused)
  func refusals(_ arguments: [String], _ status: Int32) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(atPath: recording, toPath: command.path("song.mp3"))
    try Data("kept".utf8).write(to: URL(fileURLWithPath: command.path("taken.mid")))
    let before = try Data(contentsOf: URL(fileURLWithPath: command.path("song.mp3")))
    let result = try await command.run(list: ["analyze", "song.mp3"] + arguments)
    #expect(result.status == status, "\(result.messages)")
    #expect(result.output.isEmpty && !result.messages.isEmpty)
    #expect(try command.files() == ["song.mp3", "taken.mid"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("taken.mid"))) == Data("kept".utf8))
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("song.mp3"))) == before)
  }

  private static let clashes: [([String], Int32, String)] = [
    (["a/song.wav", "b/song.wav", "--midi", "all.mid"], 74, "--midi all/"),
    (["a/song.wav", "b/song.wav", "--midi", "-"], 64, "one input"),
    (["a/song.wav", "b/song.wav", "--midi", "out/"], 64, "as a/song.wav does"),
    (["a/song.wav", "b/song.wav", "--export", "out"], 64, "as a/song.wav does"),
    (["a/song.wav", "other.wav", "b/song.wav", "--png", "out/"], 64, "b/song.wav: would become"),
    (["a/song.wav", "a/song.wav", "--lab", "out"], 64, "is named twice"),
    (["a/song.wav", "./a/song.wav", "--lab", "out"], 64, "as a/song.wav does"),
    (["a/song.wav", "--midi", "song.mid", "--export", "."], 64, "two exports"),
    (["a/song.wav", "other.wav", "--midi", "taken/"], 74, "--force"),
    (["a/song.wav", "other.wav", "--midi", "taken/", "--export", "out"], 74, "taken/other.mid"),
  ]

  @Test("files of several recordings have places of their own, all checked before one is heard", arguments: clashes)
  func several(_ arguments: [String], _ status: Int32, _ words: String) async throws {
    let command = try Command()
    defer { command.clean() }
    for directory in ["a", "b", "taken"] {
      try FileManager.default.createDirectory(atPath: command.path(directory), withIntermediateDirectories: true)
    }
    for name in ["a/song.wav", "b/song.wav", "other.wav"] {
      try FileManager.default.copyItem(atPath: Command.fixtures + "/too-short.wav", toPath: command.path(name))
    }
    try Data("kept".utf8).write(to: URL(fileURLWithPath: command.path("taken/other.mid")))
    let before = try command.files()
    let result = try await command.run(list: ["analyze"] + arguments)
    #expect(result.messages.contains(words), "\(result.messages)")
    #expect(result.status == status, "\(result.messages)")
    #expect(result.output.isEmpty)
    // A recording that cannot be heard would have been named.
    #expect(!result.messages.contains("short"), "\(result.messages)")
    // A directory that stays empty is removed.
    #expect(try command.files() == before)
  }
}
