import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("The local service as a command, and jobs that outlive theirs")
struct ServeEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  /// Runs `reprise serve` for as long as `body` runs.
  private func withService(_ command: Command, _ body: (_ baseURL: String) async throws -> Void) async throws {
    let (process, out, messages) = try command.process(["serve", "--port", "0"])
    async let status = command.finish(process)
    var address: String?
    try? await eventually("it listens") {
      let line = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").first
      address = line.flatMap { $0.hasPrefix("listening on ") ? String($0.dropFirst("listening on ".count)) : nil }
      return address != nil
    }
    let early = try String(contentsOfFile: messages, encoding: .utf8)
    let baseURL = try #require(address, "\(early)")
    #expect(baseURL.hasPrefix("http://127.0.0.1:"))
    do {
      try await body(baseURL)
    } catch {
      process.interrupt()
      throw error
    }
    process.interrupt()
    #expect(try await status == 0)
    let log = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(log.contains("POST /v2/generate/audio 200"), "\(log)")
    #expect(!log.contains("acoustic"), "the prompt is in the log")
  }

  @Test("--no-wait submits, resume fetches, and a second resume buys and fetches nothing")
  func noWait() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try await withService(command) { baseURL in
      let submitted = try await command.run(
        "cover", recording, "--prompt", "a quiet acoustic cover", "--end", "10", "--service", baseURL, "--no-wait",
        "-o",
        "cover.mp3")
      #expect(submitted.status == 0, "\(submitted.messages)")
      let job = submitted.output.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(job.hasPrefix("rp-") && submitted.messages.contains("reprise resume \(job)"))
      #expect(!FileManager.default.fileExists(atPath: command.path("cover.mp3")))

      let resumed = try await command.run("resume", job, "--json")
      #expect(resumed.status == 0, "\(resumed.messages)")
      let record = try #require(try resumed.records().first)
      #expect(record["job"] as? String == job)
      #expect(FileManager.default.fileExists(atPath: command.path("cover.mp3")))

      let again = try await command.run("resume", job)
      #expect(again.status == 0, "\(again.messages)")
      #expect(!again.messages.contains("download"))

      // A newer file under another name is not the cover, however well it would pass the check.
      try FileManager.default.copyItem(atPath: command.path("cover.mp3"), toPath: command.path("mine.mp3"))
      let other = try await command.run("resume", job, "-o", "mine.mp3")
      #expect(other.status == 74 && other.messages.contains("--force"), "\(other.messages)")
    }
  }

  @Test("a wait that runs out exits with 75 and names the command that goes on")
  func timeout() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 300)
    try await withService(command) { baseURL in
      let result = try await command.run(
        "cover", "long.wav", "--prompt", "a quiet acoustic cover", "--service", baseURL, "--timeout", "0", "-o", "c.mp3"
      )
      #expect(result.status == 75, "\(result.messages)")
      let jobs = try await command.run("jobs", "--json").records()
      let job = try #require(jobs.first?["job"] as? String)
      #expect(result.messages.contains("reprise resume \(job)"))
      #expect(try command.files() == ["long.wav"])
    }
  }
}
