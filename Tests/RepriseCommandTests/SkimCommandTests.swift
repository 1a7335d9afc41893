import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("validate --skim and inspect --decoders", .startsProcesses)
struct SkimCommandTests {
  private func copy(_ names: [String], to command: Command) throws {
    for name in names {
      let path = command.path(name)
      try FileManager.default.copyItem(atPath: Command.fixtures + "/" + name, toPath: path)
      let before = Date(timeIntervalSinceNow: -3600)
      try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: path)
    }
  }

  private func checked(_ record: [String: Any]) -> String? {
    (record["integrity"] as? [String: Any])?["checked"] as? String
  }

  @Test("every record and the summary tell a skim from a walk, and the cache does not mix them")
  func records() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy(["cbr.mp3", "plain.flac", "plain.wav", "recording.mp3"], to: command)
    for round in 0..<2 {
      let skimmed = try await command.run("validate", "--skim", "--json", ".")
      let records = try skimmed.records()
      for record in records.dropLast() {
        #expect(checked(record) == "skim", "\(record)")
        #expect((record["duration"] as? [String: Any])?["basis"] as? String == "declared")
        let skim = try #require((record["integrity"] as? [String: Any])?["skim"] as? [String: Any])
        #expect(Set(skim.keys) == ["bytesRead", "probes", "estimated"])
        #expect((skim["bytesRead"] as? Int).map { (1...160_000).contains($0) } == true)
      }
      let summary = try #require(records.last)
      #expect(summary["skimmed"] as? Int == 4 && (summary["duplicates"] as? [Any])?.isEmpty == true)
      #expect(skimmed.messages.contains("known from before") == (round == 1))
    }
    let walked = try await command.run("validate", "--json", ".")
    #expect(try walked.records().dropLast().allSatisfy { checked($0) == "structure" })
    #expect(try walked.records().last?["skimmed"] as? Int == 0)
    #expect(!walked.messages.contains("known from before"))
    // What is known from a walk is known better.
    let again = try await command.run("validate", "--skim", "--json", ".")
    #expect(try again.records().dropLast().allSatisfy { checked($0) == "structure" })
    #expect(try again.records().last?["skimmed"] as? Int == 0)
  }

  @Test("the table and its last line say what a skim means")
  func table() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy(["cbr.mp3", "total-too-small.flac"], to: command)
    let result = try await command.run("validate", "--skim", "--no-cache", ".")
    #expect(result.output.contains(" ~") && result.output.contains("skimmed: "))
    #expect(result.output.contains("all skimmed (~): lengths as claimed"))
    let walked = try await command.run("validate", "--no-cache", ".")
    #expect(!walked.output.contains("skim") && !walked.output.contains("~"))
  }

  @Test(
    "what wants all of a file is not combined with a skim",
    arguments: [["--deep"], ["--loudness"], ["--near"], ["--prepare-to", "ready"]])
  func contradictions(options: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: ["validate", "--skim"] + options + ["."])
    #expect(result.status == 64 && result.messages.contains("--skim reads too little for \(options[0])"))
  }

  @Test("inspect --decoders tells what each decoder makes of a file")
  func decoders() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy(["recording.mp3"], to: command)
    let record = try #require(try await command.run("inspect", "--decoders", "--json", "recording.mp3").records().first)
    let decoders = try #require(record["decoders"] as? [[String: Any]])
    #expect(decoders.map { $0["decoder"] as? String } == ["ffmpeg", "libsndfile", "mpg123", "libFLAC"])
    for decoder in decoders {
      #expect(
        Set(decoder.keys) == [
          "decoder", "version", "outcome", "frames", "sampleRate", "channels", "same", "firstDifference",
          "maximumDifference", "complaints", "message",
        ])
    }
    let mpg123 = decoders[2]
    #expect(mpg123["outcome"] as? String == "decoded" && mpg123["same"] as? Bool == true)
    #expect(decoders[3]["outcome"] as? String == "not-its-format")
    let text = try await command.run("inspect", "--decoders", "recording.mp3")
    #expect(text.output.contains("decoders on this machine") && text.output.contains("the same samples"))
    let plain = try #require(try await command.run("inspect", "--json", "recording.mp3").records().first)
    #expect(plain["decoders"] is NSNull)
  }
}
