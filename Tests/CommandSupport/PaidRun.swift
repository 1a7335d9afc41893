import Foundation
package import HostileServer
import Testing

/// A command with a key, words and a recording to spend money on, in a directory of its own.
package struct PaidRun {
  package let command: Command
  /// Texts that only the service may see.
  package let secrets = ["sk-marked-4b0c5e1f7d", "marked-prompt-91b2", "marked-lyrics-73aa"]
  /// Files of the test that hold them on purpose.
  private static let wordFiles = ["prompt.txt", "lyrics.txt"]

  package init(_ location: Command.Location = .here) throws {
    command = try Command(location)
    try Data("a slow waltz, \(secrets[1])".utf8).write(to: URL(filePath: command.path("prompt.txt")))
    try Data("[Verse]\n\(secrets[2]) la la\n".utf8).write(to: URL(filePath: command.path("lyrics.txt")))
    try FileManager.default.createDirectory(atPath: command.path("state/tmp"), withIntermediateDirectories: true)
  }

  package func clean() { command.clean() }

  package var environment: [String: String] { ["AIML_API_KEY": secrets[0], "TMPDIR": command.path("state/tmp")] }

  /// The arguments of a cover of the first 7 s of the recording, which is what the recorded cover is one of.
  package static func cover(
    at service: String, of input: String = Command.fixtures + "/recording.mp3", timeout: String = "30",
    output: String = "cover.mp3"
  ) -> [String] {
    ["cover", input] + (input.hasSuffix(".mp3") ? ["--end", "7"] : []) + [
      "--prompt", "@prompt.txt", "--lyrics",
      "@lyrics.txt", "--service", service, "--timeout", timeout, "-o", output,
    ]
  }

  /// Runs the command to its end; `victim` lets others end it.
  package func run(
    _ arguments: [String], victim: Victim? = nil, environment more: [String: String] = [:]
  ) async throws -> Command.Result {
    let result = try await command.run(list: arguments, environment: environment.merging(more) { $1 }, victim: victim)
    checkSecrets(in: result)
    return result
  }

  /// The ledger's rows as `jobs --json` tells them.
  package func jobs() async throws -> [[String: Any]] { try await run(["jobs", "--json"]).records() }

  /// Neither key nor words may be in what is printed.
  private func checkSecrets(in result: Command.Result) {
    for secret in secrets {
      #expect(!result.output.contains(secret), "stdout holds \(secret)")
      #expect(!result.messages.contains(secret), "stderr holds \(secret)")
    }
  }

  /// Neither may be in any file but the test's own; prompt and lyrics may wait in `words.json` for a job to be
  /// accepted.
  package func checkFiles(textsMayRemain: Bool = false) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: command.directory) {
      guard !Self.wordFiles.contains(name), let data = FileManager.default.contents(atPath: command.path(name)) else {
        continue
      }
      let mayHold =
        textsMayRemain && (name as NSString).lastPathComponent == "words.json" ? Set(secrets.dropFirst()) : []
      for secret in secrets where !mayHold.contains(secret) {
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) holds \(secret)")
      }
    }
  }
}

extension PaidRun {
  /// Runs `body` with a service and a run at it, and removes both.
  package static func with(
    _ misbehaviour: Misbehaviour? = nil, _ settings: CountingService.Settings = CountingService.Settings(),
    at location: Command.Location, _ body: (PaidRun, CountingService) async throws -> Void
  ) async throws {
    let run = try PaidRun(location)
    defer { run.clean() }
    let service = try CountingService(settings, misbehaviour: misbehaviour)
    defer { service.stop() }
    try await body(run, service)
    #expect(service.tally.doubled.isEmpty)
    // What can still be sent keeps its words.
    let unsent = try await run.jobs().contains {
      ["prepared", "submitting", "ambiguous"].contains($0["state"] as? String ?? "")
    }
    try run.checkFiles(textsMayRemain: unsent)
  }
}
