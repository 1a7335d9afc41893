import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("Manners at the prompt")
struct MannersTests {
  /// A mistyped command, and the texts that its error message must contain.
  struct Slip: Sendable, CustomTestStringConvertible {
    let typed: [String]
    let says: [String]
    let help: String

    init(_ typed: String..., says: [String], help: String) {
      self.typed = typed
      self.says = says
      self.help = help
    }

    var testDescription: String { typed.joined(separator: " ") }
  }

  static let slips: [Slip] = [
    Slip("covr", says: ["no command 'covr'", "did you mean 'cover'?"], help: "reprise help'"),
    Slip("covr", "--help", says: ["did you mean 'cover'?"], help: "reprise help'"),
    Slip("help", "covr", says: ["no command 'covr'", "did you mean 'cover'?"], help: "reprise help'"),
    Slip("jobs", "shwo", says: ["did you mean 'show'?"], help: "reprise help jobs'"),
    Slip(
      "cover", "a.wav", "--promt", "warm folk", says: ["unknown option '--promt'", "did you mean '--prompt'?"],
      help: "reprise help cover'"),
    Slip("inspect", "--deeep", "a.wav", says: ["did you mean '--deep'?"], help: "reprise help inspect'"),
    Slip("jobs", "show", "--jsno", "x", says: ["did you mean '--json'?"], help: "reprise help jobs show'"),
    Slip("inspect", "-dash.m4a", says: ["begins with '-'", "'./-dash.m4a'"], help: "reprise help inspect'"),
    Slip("inspect", "-name.mp3", says: ["begins with '-'", "'./-name.mp3'"], help: "reprise help inspect'"),
    Slip("prepare", "a.wav", "--start", "-1", says: ["'--start=-1'"], help: "reprise help prepare'"),
    Slip("prepare", "a.wav", "--start", says: ["--start requires a value"], help: "reprise help prepare'"),
    Slip("inspect", "-j4", "a.wav", says: ["'-j 4'"], help: "reprise help inspect'"),
    Slip("inspect", says: ["<path>"], help: "reprise help inspect'"),
    Slip("cover", "a.wav", says: ["--prompt"], help: "reprise help cover'"),
    Slip("prepare", "a.wav", "-o", "x.aiff", says: ["x.aiff", "mp3, wav and flac"], help: "reprise help prepare'"),
    Slip("services", "aimlap", says: ["did you mean 'aimlapi'?"], help: "reprise help services'"),
    Slip("prepare", "a.wav", "b.wav", says: ["directory"], help: "reprise help prepare'"),
    Slip(
      "cover", "a.wav", "--prompt", "warm acoustic folk", "--bitrate", "256", says: ["256k", "32k, 64k, 128k or 256k"],
      help: "reprise help cover'"),
    Slip(
      "cover", "a.wav", "--prompt", "warm acoustic folk", "--sample-rate", "48kHz", says: ["16k, 24k, 32k or 44.1k"],
      help: "reprise help cover'"),
    Slip(
      "cover", "-dash song.mp3", "--prompt", "jazz", "-q",
      says: ["'./-dash song.mp3'", "reprise cover --prompt jazz -q -- '-dash song.mp3'"], help: "reprise help cover'"),
    Slip(
      "cover", "--", "-dash song.mp3", "--prompt", "jazz", says: ["options go before '--'"],
      help: "reprise help cover'"),
    Slip("prepare", "a.wav", "-o", "", says: ["-o is empty"], help: "reprise help prepare'"),
    Slip("request", "a.wav", "--prompt", "jazz", "-o", "", says: ["-o is empty"], help: "reprise help request'"),
    Slip("resume", "rp-0", "-o", "", says: ["-o is empty"], help: "reprise help resume'"),
    Slip("validate", "a.wav", "--csv", "", says: ["--csv is empty"], help: "reprise help validate'"),
    Slip("validate", "a.wav", "--report", "", says: ["--report is empty"], help: "reprise help validate'"),
    Slip("validate", "a.wav", "--prepare-to", "", says: ["--prepare-to is empty"], help: "reprise help validate'"),
    Slip(
      "cover", "a.wav", "--prompt", "jazz", "--format", "flac", says: ["--format takes mp3, wav or pcm, not 'flac'"],
      help: "reprise help cover'"),
    Slip("serve", "--port", "99999", says: ["--port takes 0 to 65535"], help: "reprise help serve'"),
    Slip("jobs", "--since", "30x", says: ["--since takes", "30d", "not '30x'"], help: "reprise help jobs'"),
    Slip("inspect", "a.wav", "--max-bytes", "50 parsecs", says: ["50MB"], help: "reprise help inspect'"),
  ]

  @Test("a slip is named in one sentence, and where to read on in another", .takesLong, arguments: slips)
  func slip(_ slip: Slip) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: slip.typed)
    #expect(result.status == 64)
    let lines = result.messages.split(separator: "\n")
    try #require(lines.count == 2, "\(lines)")
    #expect(lines[0].hasPrefix("reprise: "))
    for word in slip.says { #expect(lines[0].contains(word), "'\(word)' is not in: \(lines[0])") }
    #expect(lines[1] == "see '\(slip.help)", "\(lines[1])")
    #expect(result.output.isEmpty)
  }

  @Test("a name that begins with '-' is taken behind '--'")
  func dashedName() async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/plain.wav", toPath: command.path("-dash.wav"))
    #expect(try await command.run("inspect", "-dash.wav").status == 64)
    let result = try await command.run("inspect", "--", "-dash.wav")
    #expect(result.status == 0 && result.output.contains("-dash.wav"), "\(result.messages)")
  }

  private static let recording = Command.fixtures + "/recording.mp3"

  /// A directory of music with what lies beside it.
  private func library(_ command: Command) throws {
    try FileManager.default.createDirectory(atPath: command.path("music/art"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.recording, toPath: command.path("music/song.mp3"))
    // Shaped like audio, named like nothing.
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/plain.wav", toPath: command.path("music/take"))
    for (name, text) in [("README.md", "# Music\n"), ("list.json", "{}"), ("art/cover.png", "\u{89}PNG")] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: command.path("music/" + name)))
    }
    try Data().write(to: URL(fileURLWithPath: command.path("music/empty")))
  }

  @Test(
    "what is neither named nor shaped like audio is counted, not judged", .startsProcesses,
    arguments: ["inspect", "validate"])
  func others(verb: String) async throws {
    let command = try Command()
    defer { command.clean() }
    try library(command)
    let result = try await command.run(verb, "music")
    #expect(result.status == 0, "\(result.messages)")
    #expect(!result.output.contains("README") && result.output.contains("music/take"))
    #expect((result.output + result.messages).contains("4 other"), "\(result.output)\(result.messages)")
    let all = try await command.run(verb, "music", "--all")
    #expect(all.status == 0)
    #expect(all.output.contains("other       ") && all.output.contains("music/README.md"), "\(all.output)")
    // What is named is judged, and so is what is named like audio.
    #expect(try await command.run(verb, "music", "music/README.md").status == 1)
    try Data("# Music\n".utf8).write(to: URL(fileURLWithPath: command.path("music/text.mp3")))
    #expect(try await command.run(verb, "music").status == 1)
  }

  @Test("the summary counts them", .startsProcesses)
  func summary() async throws {
    let command = try Command()
    defer { command.clean() }
    try library(command)
    let records = try await command.run("validate", "music", "--json").records()
    let summary = try #require(records.last)
    #expect(records.count == 3)
    #expect(summary["files"] as? Int == 6 && summary["ready"] as? Int == 2 && summary["other"] as? Int == 4)
    #expect(summary["rejected"] as? Int == 0)
    let one = try await command.run("validate", "music/song.mp3")
    #expect(one.output.contains("\n1 file, ") && !one.output.contains("other"), "\(one.output)")
    #expect(one.messages.hasPrefix("1 file in "), "\(one.messages)")
  }

  @Test("a directory without any audio is no input", .startsProcesses)
  func onlyOthers() async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("texts"), withIntermediateDirectories: true)
    try Data("# Music\n".utf8).write(to: URL(fileURLWithPath: command.path("texts/README.md")))
    for arguments in [["inspect", "texts"], ["validate", "texts"], ["prepare", "texts", "-o", "ready/"]] {
      let result = try await command.run(list: arguments)
      #expect(result.status == 66, "\(arguments)")
      #expect(result.messages.contains("audio"))
    }
  }

  @Test("a configuration that makes no sense stops only what needs a service", .startsProcesses)
  func configuration() async throws {
    let command = try Command()
    defer { command.clean() }
    let directory = command.path("state/config/reprise")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data("service = 3\n[services.aimlapi]\nconcurrency = 0\n".utf8).write(
      to: URL(fileURLWithPath: directory + "/config.toml"))
    for arguments in [
      ["inspect", Self.recording], ["prepare", Self.recording, "--dry-run"], ["validate", Self.recording],
    ] {
      let result = try await command.run(list: arguments)
      #expect(result.status == 0, "\(arguments)")
      let text = result.messages
      #expect(
        text.contains("config.toml:3: services.aimlapi") && text.contains("built-in limits of 'aimlapi'"), "\(text)")
      #expect(!result.output.isEmpty)
    }
    #expect(try await command.run("verify", Self.recording).status == 0)
    #expect(try await command.run("cover", Self.recording, "--prompt", "warm acoustic folk").status == 64)
    let check = try await command.run("services", "--check")
    #expect(check.status == 64)
    #expect(
      check.messages.contains("config.toml:1: service") && check.messages.contains("config.toml:3: services.aimlapi"))
  }

  @Test("numbers are taken with their units")
  func units() async throws {
    let command = try Command()
    defer { command.clean() }
    let prompt = "warm acoustic folk"
    let body = try await command.run(
      "request", Self.recording, "--prompt", prompt, "--service", "local", "--bitrate", "128k", "--sample-rate",
      "44.1kHz")
    #expect(body.status == 0 && body.output.contains("128000") && body.output.contains("44100"), "\(body.messages)")
    #expect(try await command.run("inspect", Self.recording, "--max-bytes", "100kB").output.hasPrefix("VERDICT"))
    #expect(try await command.run("inspect", Self.recording, "--max-bytes", "100kB").output.contains("too-large"))
  }

  #if os(Linux)
    @Test("a directory that takes no files is not reported as missing")
    func proc() async throws {
      let command = try Command()
      defer { command.clean() }
      let result = try await command.run("prepare", Self.recording, "--end", "10", "-o", "/proc/x.mp3")
      #expect(result.status == 74 && result.messages.contains("'/proc' takes no new files"), "\(result.messages)")
    }
  #endif
}
