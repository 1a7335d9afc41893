import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("A cover made here", .serialized, .startsServers)
struct CoverEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test("the result has the format and the rate that were asked for", arguments: [("wav", "24000"), ("mp3", "32000")])
  func settings(format: String, rate: String) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "dark synthwave, 120 bpm", "--end", "0:10", "--format", format, "--sample-rate",
      rate, "--bitrate", "64000", "-q")
    #expect(result.status == 0, "\(result.messages)")
    let output = "recording-dark-synthwave-120-bpm.\(format)"
    #expect(result.output == output + "\n")
    let record = try #require(try await command.run("inspect", "--json", output).records().first)
    #expect(record["format"] as? String == format)
    #expect(record["sampleRate"] as? Int == Int(rate))
  }

  @Test("two prompts make two different covers, one prompt twice the same")
  func prompts() async throws {
    let command = try Command()
    defer { command.clean() }
    for (name, prompt) in [("a", "gentle piano ballad"), ("b", "hard rock with drums"), ("c", "gentle piano ballad")] {
      let result = try await command.run(
        "cover", recording, "--prompt", prompt, "--end", "8", "--format", "wav", "-o", name + ".wav", "-q")
      #expect(result.status == 0, "\(result.messages)")
    }
    let bytes = try ["a", "b", "c"].map { try Data(contentsOf: URL(fileURLWithPath: command.path($0 + ".wav"))) }
    #expect(bytes[0] != bytes[1])
    #expect(bytes[0] == bytes[2])
  }

  @Test("lyrics are taken and checked; the engine says that it does not sing them")
  func lyrics() async throws {
    let command = try Command()
    defer { command.clean() }
    try Data("[Verse]\nwords to be sung\n".utf8).write(to: URL(fileURLWithPath: command.path("words.txt")))
    let result = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--lyrics", "@words.txt", "--end", "8", "-o", "c.mp3")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("lyrics are not sung"))
    let short = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--lyrics", "la la", "-o", "d.mp3")
    #expect(short.status == 64)
    #expect(short.messages.contains("5 characters"))
  }

  @Test("--dry-run shows the plan and the price, and leaves nothing")
  func dryRun() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--service", "aimlapi", "--dry-run")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.contains("keep") && result.output.contains("$0.195"))
    #expect(try command.files().isEmpty)
  }
}
