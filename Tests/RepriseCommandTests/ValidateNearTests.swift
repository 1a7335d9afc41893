import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite(
  "Near duplicates in a library",
  .enabled(if: NearTools.areThere, "fpcalc or ffmpeg is missing: scripts/setup --test"), .startsProcesses)
struct ValidateNearTests {
  private var recording: String { Command.fixtures + "/recording.mp3" }

  private func copies(in command: Command) async throws -> [String] {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    let made: [(String, [String])] = [
      ("a\nline.mp3", ["-b:a", "64k"]), ("b.mp3", ["-b:a", "320k"]), ("c.flac", ["-af", "volume=-6dB"]),
      ("d.wav", ["-ar", "22050"]), ("e.flac", ["-ac", "1"]), ("f.mp3", ["-ss", "3", "-b:a", "128k"]),
    ]
    for (name, how) in made { try await NearTools.make("tree/" + name, in: command, ["-i", recording] + how) }
    return made.map(\.0)
  }

  @Test("a recording is known in other formats, at other rates, quieter and cut; noise, tones and silence are not")
  func groups() async throws {
    let command = try Command()
    defer { command.clean() }
    let names = try await copies(in: command)
    // An option, and an address of FFmpeg's, if they were not taken for paths.
    try FileManager.default.copyItem(atPath: command.path("tree/b.mp3"), toPath: command.path("tree/-x.mp3"))
    try FileManager.default.copyItem(atPath: command.path("tree/d.wav"), toPath: command.path("tree/http:z.wav"))
    for (index, source) in [
      "anullsrc", "anullsrc=r=48000", "anoisesrc=seed=1:r=44100", "anoisesrc=seed=2:r=44100", "sine=440", "sine=441",
      "sine=880", "anoisesrc=seed=1:c=pink", "anoisesrc=seed=2:c=pink",
    ].enumerated() {
      try await NearTools.make("tree/other \(index).wav", in: command, ["-f", "lavfi", "-i", source, "-t", "30"])
    }
    for _ in 1...2 {
      let result = try await command.run("validate", "--json", "--near", ".", in: "tree")
      let summary = try #require(try result.records().last)
      let copies = ["./-x.mp3", "./b.mp3"]
      #expect((summary["duplicates"] as? [[String]])?.contains(copies) == true)
      let expected = (names + ["-x.mp3"]).filter { $0 != "b.mp3" }.map { "./" + $0 }
        .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      #expect(summary["nearDuplicates"] as? [[String]] == [expected], "\(result.messages)")
    }
    let table = try await command.run("validate", "--near", "-q", "b.mp3", "c.flac", in: "tree")
    #expect(table.output.contains("nearly the same (2 files, 1 recording):\n  b.mp3\n    ~ c.flac\n"))
    let without = try await command.run("validate", "--json", "b.mp3", "c.flac", in: "tree")
    #expect(try without.records().last?["nearDuplicates"] == nil)
  }

  @Test("without fpcalc it says what to install, before anything is looked at")
  func missing() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("validate", "--near", recording, environment: ["PATH": command.directory])
    #expect(result.status == 69 && result.output.isEmpty)
    #expect(result.messages.contains("libchromaprint-tools"))
  }
}
