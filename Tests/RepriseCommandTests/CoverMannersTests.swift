import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("What 'reprise cover' says before it begins", .startsServers)
struct CoverMannersTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test(
    "words of a prompt where a recording is wanted are explained, with the command that was meant",
    arguments: [
      (["song.mp3", "dark synthwave"], "reprise cover song.mp3 --prompt 'dark synthwave'"),
      (["song.mp3", "dark", "synthwave"], "reprise cover song.mp3 --prompt 'dark synthwave'"),
      (["jazz", "song.mp3"], "reprise cover song.mp3 --prompt jazz"),
      (["dark synthwave"], "reprise cover RECORDING --prompt 'dark synthwave'"),
      (["song.mp3", "it's 90 bpm."], #"--prompt 'it'\''s 90 bpm.'"#),
      (["song.mp3", "synthwave", "--prompt", "dark"], "--prompt 'dark synthwave'"),
      (["--prompt", "dark", "synthwave", "song.mp3"], "--prompt 'dark synthwave'"),
    ])
  func misplaced(arguments: [String], message: String) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(atPath: recording, toPath: command.path("song.mp3"))
    let result = try await command.run(list: ["cover"] + arguments)
    #expect(result.status == 64)
    let text = result.messages
    #expect(text.contains(message) && text.contains("is not a file"), "\(text)")
    #expect(try command.files() == ["song.mp3"])
  }

  @Test(
    "a recording that is missing is reported as that",
    arguments: [["gone.mp3", "--prompt", "jazz"], ["gone", "--prompt", "jazz"], ["no/such", "--prompt", "jazz"]])
  func missing(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: ["cover"] + arguments)
    #expect(result.status == 66)
    #expect(result.messages.contains("no such file"))
  }

  @Test(
    "that no key is set is said of covers that are made, and before no error and no dry run",
    arguments: [
      ["gone.mp3", "--prompt", "jazz"], ["text.mp3", "--prompt", "jazz"],
      ["song.mp3", "--prompt", "jazz", "--dry-run"],
      ["song.mp3", "--prompt", ""], ["song.mp3", "--prompt", "jazz", "-o", "missing/x.mp3"],
      ["song.mp3", "--prompt", "jazz", "--min-seconds", "100"], ["text.mp3", "gone.mp3", "--prompt", "jazz"],
      ["song.mp3", "--prompt", "jazz", "-o", "taken.mp3"], ["empty", "--prompt", "jazz"],
    ])
  func unasked(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(atPath: recording, toPath: command.path("song.mp3"))
    for name in ["text.mp3", "taken.mp3"] { try Data("text".utf8).write(to: URL(filePath: command.path(name))) }
    try FileManager.default.createDirectory(atPath: command.path("empty"), withIntermediateDirectories: true)
    let result = try await command.run(list: ["cover"] + arguments)
    #expect(result.status != 0 || arguments.contains("--dry-run"))
    let text = result.messages
    #expect(!text.contains("no key is set"), "\(text)")
  }

  @Test(
    "-j means --jobs wherever there is that option", arguments: ["cover", "resume", "inspect", "prepare", "validate"])
  func shortOption(command name: String) async throws {
    let command = try Command()
    defer { command.clean() }
    let help = try await command.run(name, "--help")
    #expect(help.output.contains("-j, --jobs <n>"), "\(help.output)")
  }

  @Test("any prompt does here, several covers at once are reported once, and the engine's notes name their song")
  func here() async throws {
    let command = try Command()
    defer { command.clean() }
    for name in ["a.mp3", "b.mp3"] {
      try FileManager.default.copyItem(atPath: recording, toPath: command.path(name))
    }
    let made = try await command.run("cover", "a.mp3", "b.mp3", "--prompt", "é", "--end", "7")
    #expect(made.status == 0, "\(made.messages)")
    #expect(Set(made.output.split(separator: "\n")) == ["a-é.mp3", "b-é.mp3"])
    let lines = made.messages.split(separator: "\n")
    #expect(lines.count { $0.contains("no key is set: the covers are made here") } == 1, "\(made.messages)")
    for name in ["a.mp3", "b.mp3"] { #expect(lines.contains { $0.hasPrefix(name + ": style: ") }, "\(made.messages)") }
    #expect(
      lines.allSatisfy { line in ["a.mp3: ", "b.mp3: ", "no key", "[", "2 of 2"].contains { line.hasPrefix($0) } })
  }
}
