import CommandSupport
import Foundation
import Testing

@Suite("Manners towards readers and terminals")
struct MannersTests {
  private static let recording = Command.fixtures + "/recording.mp3"

  @Test(
    "nobody reads stdout any more: not a word, and 0",
    arguments: [
      ["inspect", Command.fixtures + "/plain.wav", recording], ["inspect", "--json", Command.fixtures],
      ["validate", "--quiet", Command.fixtures], ["services"], ["services", "--json"], ["services", "local"],
      ["verify", recording], ["request", recording, "--prompt", "warm acoustic folk", "--service", "local"],
      ["prepare", recording, "--dry-run"], ["--help"], ["help", "cover"], ["cover", "--help"], ["--version"],
    ])
  func closedOutput(arguments: [String]) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let (process, _, messages) = try command.process(arguments)
    let pipe = Pipe()
    process.standardOutput = pipe
    try pipe.fileHandleForReading.close()
    #expect(try await command.finish(process) == 0)
    #expect(try String(contentsOfFile: messages, encoding: .utf8) == "")
  }

  @Test("what makes files makes all of them, whoever reads their names")
  func outlivesReader() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let (process, _, messages) = try command.process(
      ["prepare", "--quiet", "-o", "ready/"]
        + ["plain.wav", "recording.mp3", "plain.flac"].map { Command.fixtures + "/" + $0 })
    let pipe = Pipe()
    process.standardOutput = pipe
    try pipe.fileHandleForReading.close()
    let status = try await command.finish(process)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 0, "\(text)")
    #expect(try command.files() == ["ready", "ready/plain.flac", "ready/plain.wav", "ready/recording.mp3"])
  }

  @Test("on a terminal verdicts are coloured and no line is wider than the window", arguments: [50, 80])
  func terminal(columns: UInt16) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let directory = command.path("a folder of a name that is rather long/一つの長い名前のフォルダ")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.recording, toPath: directory + "/song.mp3")
    for verb in ["inspect", "validate"] {
      for (environment, isColoured) in [(["TERM": "xterm"], true), (["TERM": "xterm", "NO_COLOR": "1"], false)] {
        let (process, _, _) = try command.process(
          [verb, "--quiet", "a folder of a name that is rather long"], environment: environment)
        let text = try await TerminalOutput(columns: columns).run(process, of: command, showsData: true)
        #expect(text.contains("\u{1B}[32mready\u{1B}[0m") == isColoured, "\(text)")
        let lines = text.replacing("\u{1B}[32m", with: "").replacing("\u{1B}[0m", with: "").split(
          whereSeparator: \.isNewline)
        for line in lines {
          let width = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
          #expect(width <= Int(columns), "\(line)")
        }
        #expect(lines.contains { $0.hasSuffix("song.mp3") }, "\(text)")
      }
    }
    let (process, out, _) = try command.process(["inspect", "a folder of a name that is rather long"])
    _ = try await command.finish(process)
    #expect(
      try String(contentsOfFile: out, encoding: .utf8).contains(
        "a folder of a name that is rather long/一つの長い名前のフォルダ/song.mp3"))
  }
}
