import Foundation
import Testing

@Suite("A cover by the built command, offline", .serialized)
struct CoverEndToEndTests {
  private let recording = BuiltCommand.fixtures + "/recording.mp3"

  @Test("a real recording becomes a cover that passes its check, and only the cover is left")
  func wholeWay() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "warm acoustic folk, fingerpicked guitar", "-o", "cover.mp3", "--json")
    #expect(result.status == 0, "\(result.words)")
    #expect(result.words.contains("no key is set"))
    let record = try #require(try result.records().last)
    #expect(record["schema"] as? String == "reprise.cover.v1")
    #expect(record["service"] as? String == "local")
    #expect(record["output"] as? String == "cover.mp3")
    let verification = try #require(record["verification"] as? [String: Any])
    #expect(verification["verdict"] as? String != "fail")
    let seconds = try #require(record["seconds"] as? Double)
    #expect((26 * 0.8...26 * 1.25).contains(seconds))
    #expect(try command.files() == ["cover.mp3"])
    let size = try FileManager.default.attributesOfItem(atPath: command.path("cover.mp3"))[.size] as? Int
    #expect(record["bytes"] as? Int == size)

    let checked = try await command.run("verify", "cover.mp3", "--reference", recording, "--format", "mp3")
    #expect(checked.status == 0, "\(checked.output)")
    let jobs = try await command.run("jobs", "--json")
    #expect(try jobs.records().map { $0["state"] as? String } == ["verified"])
  }

  @Test("the result has the format and the rate that were asked for", arguments: [("wav", "24000"), ("mp3", "32000")])
  func settings(format: String, rate: String) async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "dark synthwave, 120 bpm", "--end", "0:10", "--format", format, "--sample-rate",
      rate, "--bitrate", "64000", "-q")
    #expect(result.status == 0, "\(result.words)")
    let output = "recording-dark-synthwave-120-bpm.\(format)"
    #expect(result.output == output + "\n")
    let record = try #require(try await command.run("inspect", "--json", output).records().first)
    #expect(record["format"] as? String == format)
    #expect(record["sampleRate"] as? Int == Int(rate))
  }

  @Test("two prompts make two different covers, one prompt twice the same")
  func prompts() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    for (name, prompt) in [("a", "gentle piano ballad"), ("b", "hard rock with drums"), ("c", "gentle piano ballad")] {
      let result = try await command.run(
        "cover", recording, "--prompt", prompt, "--end", "8", "--format", "wav", "-o", name + ".wav", "-q")
      #expect(result.status == 0, "\(result.words)")
    }
    let bytes = try ["a", "b", "c"].map { try Data(contentsOf: URL(fileURLWithPath: command.path($0 + ".wav"))) }
    #expect(bytes[0] != bytes[1])
    #expect(bytes[0] == bytes[2])
  }

  @Test("lyrics are taken and checked; the engine says that it does not sing them")
  func lyrics() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try Data("[Verse]\nwords to be sung\n".utf8).write(to: URL(fileURLWithPath: command.path("words.txt")))
    let result = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--lyrics", "@words.txt", "--end", "8", "-o", "c.mp3")
    #expect(result.status == 0, "\(result.words)")
    #expect(result.words.contains("lyrics are not sung"))
    let short = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--lyrics", "la la", "-o", "d.mp3")
    #expect(short.status == 64)
    #expect(short.words.contains("5 characters"))
  }

  @Test("--dry-run shows the plan and the price, and leaves nothing")
  func dryRun() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "gentle piano ballad", "--service", "aimlapi", "--dry-run")
    #expect(result.status == 0, "\(result.words)")
    #expect(result.output.contains("keep") && result.output.contains("$0.195"))
    #expect(try command.files().isEmpty)
  }

  @Test(
    "Ctrl-C at any moment ends with 130, says so, and leaves nothing half-written",
    arguments: ["prepare", "upload", "queued", "generating", "download", "verify"])
  func interrupted(at stage: String) async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 200)
    // A fade, so that there is something to prepare.
    let (process, _, words) = try command.process([
      "cover", "long.wav", "--prompt", "gentle piano ballad", "--fade-out", "1", "-o", "cover.mp3",
    ])
    async let status = command.finish(process)
    var text = ""
    for _ in 0..<6000 where !text.contains(stage) {
      try await Task.sleep(for: .milliseconds(10))
      text = try String(contentsOfFile: words, encoding: .utf8)
    }
    process.interrupt()
    let ended = try await status
    text = try String(contentsOfFile: words, encoding: .utf8)
    let left = try command.files().filter { $0 != "long.wav" }
    // The last two stages are short: the cover may be whole before the signal comes.
    if ["download", "verify"].contains(stage) && left == ["cover.mp3"] {
      let checked = try await command.run("verify", "cover.mp3")
      #expect([0, 130].contains(ended) && checked.status == 0, "\(ended): \(text)")
      return
    }
    #expect(ended == 130, "\(text)")
    #expect(left.isEmpty, "\(left)")
    #expect(text.contains("interrupted") || text.contains("stopped"), "\(text)")
  }
}

/// A melody long enough that a cover of it takes a while.
enum LongTone {
  static func write(to path: String, seconds: Int) throws {
    let rate = 22050
    var data = Data("RIFF".utf8)
    func add(_ value: Int, bytes: Int) { for shift in 0..<bytes { data.append(UInt8((value >> (8 * shift)) & 0xFF)) } }
    let size = seconds * rate * 2
    add(36 + size, bytes: 4)
    data.append(Data("WAVEfmt ".utf8))
    add(16, bytes: 4)
    add(1, bytes: 2)
    add(1, bytes: 2)
    add(rate, bytes: 4)
    add(rate * 2, bytes: 4)
    add(2, bytes: 2)
    add(16, bytes: 2)
    data.append(Data("data".utf8))
    add(size, bytes: 4)
    for index in 0..<seconds * rate {
      let time = Double(index) / Double(rate)
      let note = 220 * pow(2, Double(Int(time * 2) * 7 % 12) / 12)
      let within = time * 2 - (time * 2).rounded(.down)
      add(Int(9000 * sin(2 * .pi * note * time) * exp(-2 * within)) & 0xFFFF, bytes: 2)
    }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
