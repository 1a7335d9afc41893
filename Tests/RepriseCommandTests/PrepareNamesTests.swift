import CommandSupport
import Foundation
import TestSupport
import Testing

/// Inputs of one run whose outputs would have the same name.
@Suite("Names of prepared files")
struct PrepareNamesTests {
  private static func command(_ names: [String]) throws -> Command {
    let command = try Command()
    for name in names {
      let source = name.hasSuffix(".mp3") ? "cbr.mp3" : name.hasSuffix(".wav") ? "plain.wav" : "mulaw.wav"
      try FileManager.default.copyItem(atPath: fixture(source), toPath: command.path(name))
    }
    return command
  }

  @Test(
    "inputs that would certainly become one file are refused before anything is done",
    arguments: [
      (["a.m4a", "a.wma"], []), (["a.ogg", "A.opus"], []), (["a.mp3", "a.wav"], ["--format", "flac"]),
    ], [false, true])
  func refused(inputs: (names: [String], options: [String]), dryRun: Bool) async throws {
    let command = try Self.command(inputs.names)
    defer { command.clean() }
    let arguments = ["prepare"] + inputs.names + inputs.options + ["-o", "out/", "--min-seconds", "1"]
    let result = try await command.run(list: arguments + (dryRun ? ["--dry-run"] : []))
    #expect(result.status == 64 && result.output.isEmpty, "\(result.messages)")
    #expect(result.messages.contains("in one directory; rename one"), "\(result.messages)")
    #expect(try command.files().sorted() == inputs.names.sorted())
  }

  @Test("inputs that turn out to become one file do not replace each other", arguments: [[], ["--force"]])
  func claimed(options: [String]) async throws {
    // Both are µ-law by their content, and flac afterwards; one is named like what it becomes.
    let command = try Self.command(["a.m4a", "a.flac"])
    defer { command.clean() }
    let result = try await command.run(
      list: ["prepare", "a.m4a", "a.flac", "-o", "out/", "--min-seconds", "1", "-j", "1"] + options)
    #expect(result.status == 65 || result.status == 1, "\(result.status) \(result.messages)")
    #expect(result.messages.contains("would become 'out/a.flac', as a.m4a does"), "\(result.messages)")
    #expect(result.output == "out/a.flac\n")
  }

  @Test("several inputs need no directory where nothing is written")
  func noDirectory() async throws {
    let command = try Self.command(["a.mp3", "b.wav"])
    defer { command.clean() }
    let arguments = ["prepare", "a.mp3", "b.wav", "--min-seconds", "1"]
    let dry = try await command.run(list: arguments + ["--dry-run"])
    #expect(dry.status == 0 && dry.output.contains("a.mp3: ") && dry.output.contains("b.wav: "), "\(dry.messages)")
    #expect(try await command.run(list: arguments).status == 64)
  }

  @Test("inputs of one name and different formats stay apart, and what is no audio is left alone")
  func apart() async throws {
    let command = try Self.command(["a.mp3", "a.wav"])
    defer { command.clean() }
    for name in ["a.jpg", "a.txt"] { try Data("a text".utf8).write(to: URL(fileURLWithPath: command.path(name))) }
    let result = try await command.run("prepare", ".", "-o", "out/", "--min-seconds", "1")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output == "out/a.mp3\nout/a.wav\n")
  }
}
