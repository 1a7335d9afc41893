import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("What the list of jobs shows and forgets", .startsServers)
struct JobsEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"
  private let prompt = "a quiet acoustic cover of secret things"

  private func cover(_ command: Command, _ output: String) async throws {
    let result = try await command.run("cover", recording, "--prompt", prompt, "--end", "8", "-o", output, "-q")
    #expect(result.status == 0, "\(result.messages)")
  }

  @Test(
    "without a ledger there are no jobs, and looking makes none",
    arguments: [
      ["jobs"], ["jobs", "list"], ["jobs", "--json"], ["jobs", "spent"], ["jobs", "spent", "--json"],
      ["jobs", "forget", "--all-finished"],
    ])
  func nothing(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: arguments)
    #expect(result.status == 0)
    let data = result.output
    if arguments == ["jobs", "spent", "--json"] {
      #expect(data.contains("\"schema\":\"reprise.spending.v1\"") && data.contains("\"services\":[]"))
    } else {
      #expect(data.isEmpty || data == "0 jobs: nothing was charged\n", "\(data)")
    }
    #expect(!FileManager.default.fileExists(atPath: command.path("state/reprise")))
  }

  @Test("a job that is not there is 66, a mistake in words 64")
  func mistakes() async throws {
    let command = try Command()
    defer { command.clean() }
    for verb in ["show", "forget"] {
      let result = try await command.run("jobs", verb, "rp-none")
      #expect(result.status == 66 && result.messages.contains("rp-none"), "\(result.messages)")
    }
    for arguments in [
      ["--state", "lost"], ["--since", "7"], ["--since", "-3d"], ["--since", "900000d"], ["forget"],
      ["forget", "rp-x", "--all-finished"], ["show"],
    ] {
      let result = try await command.run(list: ["jobs"] + arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.messages.contains("see 'reprise help jobs"), "\(arguments)")
    }
  }

  @Test("lists are aligned whatever names hold, end with the sums, and can be narrowed down")
  func list() async throws {
    let command = try Command()
    defer { command.clean() }
    try await cover(command, "plain.wav")
    try await cover(command, "two\nlines \u{1B}[31m.wav")
    let lines = try await command.run("jobs").output.split(separator: "\n")
    try #require(lines.count == 4, "\(lines)")
    let column = try #require(lines[0].range(of: "OUTPUT")).lowerBound.utf16Offset(in: lines[0])
    #expect(lines[1].dropFirst(column).hasSuffix("two\\nlines \\u{1b}[31m.wav"))
    #expect(lines[1].dropFirst(column).hasPrefix("/") && lines[2].dropFirst(column).hasPrefix("/"))
    #expect(lines[3] == "2 jobs: nothing was charged")
    for (arguments, count) in [
      (["--state", "verified"], 2), (["--state", "failed"], 0), (["--state", "failed", "--state", "verified"], 2),
      (["--open"], 0), (["--service", "local"], 2), (["--service", "aimlapi"], 0), (["--since", "1h"], 2),
    ] {
      let result = try await command.run(list: ["jobs", "list", "--json"] + arguments)
      #expect(result.status == 0)
      #expect(result.output.split(separator: "\n").count == count, "\(arguments)")
    }
  }

  @Test("show tells what is known, and neither prompt nor an address's path")
  func show() async throws {
    let command = try Command()
    defer { command.clean() }
    try await cover(command, "a.wav")
    let name = try #require(try await command.run("jobs", "--json").records().first?["job"] as? String)
    let text = try await command.run("jobs", "show", String(name.prefix(8)))
    #expect(text.status == 0, "\(text.messages)")
    for part in [name, "verified", "recording.mp3", "a.wav", "wav, 44100 Hz", "0:08"] {
      #expect(text.output.contains(part), "\(part) is not in \(text.output)")
    }
    let json = try await command.run("jobs", "show", name, "--json")
    let record = try #require(try json.records().first)
    #expect(record["schema"] as? String == "reprise.job.v1" && record["job"] as? String == name)
    #expect((record["setting"] as? [String: Any])?["format"] as? String == "wav")
    for output in [text.output, json.output] {
      #expect(!output.contains("secret") && !output.contains("/v2/"))
    }
  }

  @Test("forgetting takes finished jobs and leaves their covers")
  func forget() async throws {
    let command = try Command()
    defer { command.clean() }
    for name in ["a.wav", "b.wav", "c.wav"] { try await cover(command, name) }
    let names = try await command.run("jobs", "--json").records().compactMap { $0["job"] as? String }
    try #require(names.count == 3)
    // One name that is wrong, and nothing is forgotten.
    #expect(try await command.run("jobs", "forget", names[0], "rp-none").status == 66)
    let older = try await command.run("jobs", "forget", "--older-than", "1d")
    #expect(older.status == 0 && older.output.isEmpty)
    let one = try await command.run("jobs", "forget", names[0])
    #expect(one.status == 0 && one.output == names[0] + "\n")
    let dry = try await command.run("jobs", "forget", "--all-finished", "--dry-run")
    #expect(dry.status == 0 && dry.output.split(separator: "\n").count == 2, "\(dry.output)")
    #expect(dry.messages == "would forget 2 jobs; nothing was forgotten\n", "\(dry.messages)")
    let rest = try await command.run("jobs", "forget", "--all-finished", "--json")
    #expect(rest.messages == "forgot 2 jobs; their covers stay\n", "\(rest.messages)")
    #expect(Set(try rest.records().compactMap { $0["job"] as? String }) == Set(names.dropFirst()))
    #expect(try await command.run("jobs").output.isEmpty)
    #expect(try command.files() == ["a.wav", "b.wav", "c.wav"])
  }
}
