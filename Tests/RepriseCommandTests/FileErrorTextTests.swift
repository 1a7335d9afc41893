import CommandSupport
import Foundation
import RepriseCommand
import RepriseSystem
import TestSupport
import Testing

@Suite("What to do about errors of files")
struct FileErrorTextTests {
  @Test("every fact is followed by advice, but where none helps", arguments: FileError.Code.allCases)
  func advice(code: FileError.Code) {
    let error = FileError(code, path: "/nowhere/x", doing: "write")
    let sentence = FileErrorText.sentence(error)
    #expect(sentence.hasPrefix("/nowhere/x: \(error.message)"))
    #expect((sentence == error.description) == (code == .missing || code == .system), "\(sentence)")
  }

  @Test("of a directory that is missing and of one that takes nothing")
  func directories() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let missing = FileError(.directoryMissing, path: scratch.path("none/x.mp3"), doing: "create")
    #expect(FileErrorText.sentence(missing).hasSuffix("none' does not exist; create it first"))
    let closed = FileError(.directoryMissing, path: scratch.path("x.mp3"), doing: "create")
    #expect(FileErrorText.sentence(closed).hasSuffix("takes no new files; name another directory"))
  }

  @Test(
    "a prompt's file that can't be read says why",
    arguments: [("none", "no such file"), ("folder", "is a directory"), ("loop", "symbolic links")])
  func texts(name: String, cause: String) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("folder"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: command.path("loop"), withDestinationPath: "loop")
    let result = try await command.run(
      "cover", Command.fixtures + "/plain.wav", "--prompt", "@\(name)", "--service", "local")
    #expect(result.status == 66 && result.messages.contains(cause), "\(result.messages)")
    #expect(result.messages.contains("--prompt") && result.messages.contains("\(name): "), "\(result.messages)")
    try Data("path,prompt\na.wav,@\(name)\n".utf8).write(to: URL(fileURLWithPath: command.path("runs.csv")))
    let many = try await command.run("cover", "--manifest", "runs.csv", "-o", "out/", "--service", "local")
    #expect(many.status == 66 && many.messages.contains(cause), "\(many.messages)")
  }

  @Test("a service that can't play its SoundFont does not begin to listen")
  func soundFont() async throws {
    let command = try Command()
    defer { command.clean() }
    for name in [Command.fixtures + "/plain.wav", "none.sf2"] {
      let result = try await command.run("serve", "--port", "0", "--soundfont", name)
      #expect(result.status == 66 && result.output.isEmpty, "\(result)")
      #expect(result.messages.contains("named by --soundfont"), "\(result.messages)")
      #expect(result.messages.split(separator: "\n").count == 1, "\(result.messages)")
    }
  }

  @Test(
    "a scan that cannot begin writes nothing to stdout",
    arguments: [["--files0-from", "none"], [".", "--include", "["]])
  func scan(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: ["validate"] + arguments)
    #expect(result.status != 0 && result.output.isEmpty, "\(result)")
  }

  @Test("a report that would replace a source is refused before anything is checked", arguments: ["d", "d/..", "link"])
  func report(root: String) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("d/e"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: command.path("link"), withDestinationPath: "d")
    try FileManager.default.copyItem(atPath: Command.fixtures + "/plain.wav", toPath: command.path("d/e/a.wav"))
    let before = try Data(contentsOf: URL(fileURLWithPath: command.path("d/e/a.wav")))
    let result = try await command.run("validate", root, "--report", "d/e/a.wav", "--force")
    #expect(result.status == 64 && result.output.isEmpty, "\(result)")
    #expect(result.messages.contains("is the source"), "\(result.messages)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("d/e/a.wav"))) == before)
  }

  @Test("several inputs and a file's name after -o: both are said")
  func several() async throws {
    let command = try Command()
    defer { command.clean() }
    for name in ["a.wav", "b.wav"] {
      try FileManager.default.copyItem(atPath: Command.fixtures + "/plain.wav", toPath: command.path(name))
    }
    let result = try await command.run("prepare", "a.wav", "b.wav", "-o", "z.mp3")
    #expect(result.status == 74 && result.messages.contains("several outputs require a directory"), "\(result)")
    #expect(result.messages.contains("-o z/"), "\(result.messages)")
    let odd = try await command.run("prepare", "a.wav", "-o", "z.txt")
    #expect(odd.status == 0 && odd.messages.contains("whatever .txt says"), "\(odd)")
  }

  @Test("a bit rate that has no effect gets a remark")
  func bitRate() async throws {
    let command = try Command()
    defer { command.clean() }
    let recording = Command.fixtures + "/plain.wav"
    for arguments in [["--format", "pcm"], ["-o", "x.wav"], []] {
      let result = try await command.run(
        list: ["cover", recording, "--prompt", "gentle piano", "--bitrate", "64k", "--dry-run", "--service", "local"]
          + arguments)
      #expect(
        result.status == 0 && result.messages.contains("--bitrate has no effect") == !arguments.isEmpty, "\(result)")
    }
  }
}
