import Foundation
import Testing

/// The programs that the tests below run.
private enum NearTools {
  static func find(_ tool: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static var areThere: Bool { find("fpcalc") != nil && find("ffmpeg") != nil }
}

@Suite(
  "reprise validate --near",
  .enabled(if: NearTools.areThere, "fpcalc or ffmpeg is missing: scripts/setup --test"))
struct ValidateNearTests {
  /// Has ffmpeg make a file.
  private func make(_ name: String, in command: BuiltCommand, _ arguments: [String]) async throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(NearTools.find("ffmpeg")))
    process.arguments = ["-v", "error", "-nostdin", "-bitexact"] + arguments + ["file:" + command.path(name)]
    #expect(try await command.finish(process) == 0, "\(name)")
  }

  private var recording: String { BuiltCommand.fixtures + "/recording.mp3" }

  private func copies(in command: BuiltCommand) async throws -> [String] {
    let made: [(String, [String])] = [
      ("a\nline.mp3", ["-b:a", "64k"]), ("b.mp3", ["-b:a", "320k"]), ("c.flac", ["-af", "volume=-6dB"]),
      ("d.wav", ["-ar", "22050"]), ("e.flac", ["-ac", "1"]), ("f.mp3", ["-ss", "3", "-b:a", "128k"]),
    ]
    for (name, how) in made { try await make(name, in: command, ["-i", recording] + how) }
    return made.map(\.0)
  }

  @Test("a recording is known in other formats, at other rates, quieter and cut; noise, tones and silence are not")
  func groups() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let names = try await copies(in: command)
    // An option, and an address of FFmpeg's, if they were not taken for paths.
    try FileManager.default.copyItem(atPath: command.path("b.mp3"), toPath: command.path("-x.mp3"))
    try FileManager.default.copyItem(atPath: command.path("d.wav"), toPath: command.path("http:z.wav"))
    for (index, source) in [
      "anullsrc", "anullsrc=r=48000", "anoisesrc=seed=1:r=44100", "anoisesrc=seed=2:r=44100", "sine=440", "sine=441",
      "sine=880", "anoisesrc=seed=1:c=pink", "anoisesrc=seed=2:c=pink",
    ].enumerated() {
      try await make("other \(index).wav", in: command, ["-f", "lavfi", "-i", source, "-t", "30"])
    }
    for _ in 1...2 {
      let result = try await command.run("validate", "--json", "--near", ".")
      let summary = try #require(try result.records().last)
      let twins = ["./-x.mp3", "./b.mp3"]
      #expect((summary["duplicates"] as? [[String]])?.contains(twins) == true)
      let expected = (names + ["-x.mp3"]).filter { $0 != "b.mp3" }.map { "./" + $0 }
        .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      #expect(summary["nearDuplicates"] as? [[String]] == [expected], "\(result.words)")
    }
    let table = try await command.run("validate", "--near", "-q", "b.mp3", "c.flac")
    #expect(table.output.contains("nearly the same (2 files, 1 recordings):\n  b.mp3\n    ~ c.flac\n"))
    let without = try await command.run("validate", "--json", "b.mp3", "c.flac")
    #expect(try without.records().last?["nearDuplicates"] == nil)
  }

  @Test("without fpcalc it says what to install, before anything is looked at")
  func missing() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let result = try await command.run("validate", "--near", recording, environment: ["PATH": command.folder])
    #expect(result.status == 69 && result.output.isEmpty)
    #expect(result.words.contains("libchromaprint-tools"))
  }

  @Test("a file that crashes fpcalc and one that hangs it cost themselves, and are told", .timeLimit(.minutes(2)))
  func faults() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    _ = try await copies(in: command)
    // Of different bytes: the same audio is fingerprinted but once.
    for (name, rate) in [("HANG.mp3", "96k"), ("CRASH.mp3", "112k")] {
      try await make(name, in: command, ["-i", recording, "-b:a", rate])
    }
    let script = """
      #!/bin/sh
      case "$*" in *HANG*) exec sleep 1000;; *CRASH*) kill -SEGV $$;; esac
      exec \(try #require(NearTools.find("fpcalc"))) "$@"
      """
    try FileManager.default.createDirectory(atPath: command.path(".bin"), withIntermediateDirectories: true)
    try Data(script.utf8).write(to: URL(filePath: command.path(".bin/fpcalc")))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command.path(".bin/fpcalc"))
    let path = command.path(".bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    let result = try await command.run(
      "validate", "--json", "--near", "--timeout", "5", "--exclude", "state", ".", environment: ["PATH": path])
    let groups = try #require(try result.records().last?["nearDuplicates"] as? [[String]])
    #expect(groups.count == 1 && groups.first?.count == 6)
    #expect(result.words.contains("could not fingerprint 2 of the files"))
    #expect(result.words.contains("crashed fpcalc (signal 11) (./CRASH.mp3)"))
    #expect(result.words.contains("took longer than 5 s (./HANG.mp3)"))
  }
}
