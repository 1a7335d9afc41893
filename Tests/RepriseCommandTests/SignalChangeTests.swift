import CommandSupport
import Foundation
import RepriseAudio
import TestSupport
import Testing

@Suite("Level, channels and silence, as commands")
struct SignalChangeCommandTests {
  private static let rate = 22050

  /// Two tones of 4 s around 4 s of silence, in two channels, the second one inverted.
  private static func write(_ encoding: AudioEncoder.Encoding, level: Double, to path: String) throws {
    let samples = (0..<12 * rate).flatMap { frame -> [Float] in
      let isSilent = frame >= 4 * rate && frame < 8 * rate
      let turn = Double(frame)
      let sample: Double = isSilent ? 0 : 0.6 * sin(turn * 0.0721) + 0.39 * sin(turn * 0.733)
      let tone = Float(level * sample)
      return [tone, -tone]
    }
    try Data().write(to: URL(fileURLWithPath: path))
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: 2)
    try encoder.write(samples)
    try encoder.finish()
  }

  /// The stretches of a record that are left out, to a hundredth of a second: a tone begins and ends at 0.
  private func lost(_ record: [String: Any]) throws -> [[Double]] {
    let lost = try #require(record["lost"] as? [[String: Any]])
    #expect(lost.allSatisfy { $0["what"] as? String == "silence" })
    return lost.map { stretch in
      ["start", "end"].map { ((stretch[$0] as? Double ?? 0) * 100).rounded() / 100 }
    }
  }

  @Test("prepare plans, does and records what was asked for, with the same figures")
  func journey() async throws {
    let command = try Command()
    defer { command.clean() }
    try Self.write(.wavFloat, level: 0.000_056, to: command.path("faint.wav"))
    let inspected = try await command.run("inspect", "--deep", "faint.wav")
    #expect(inspected.status == 0 && inspected.output.contains("is quiet: its peak is -85"), "\(inspected.output)")
    #expect(inspected.output.contains("channel 2 is channel 1 inverted"))
    let options = ["--gain", "auto", "--channels", "left", "--max-silence", "1", "--silence-level", "-110"]
    let dry = try await command.run(list: ["prepare", "faint.wav", "--dry-run", "--json"] + options)
    let plan = try #require(try dry.records().first, "\(dry.messages)")
    let gain = try #require(plan["gain"] as? Double)
    #expect(abs(gain - 84) < 1 && plan["lossless"] as? Bool == false)
    #expect(try lost(plan) == [[4.5, 7.5]])
    let made = try await command.run(list: ["prepare", "faint.wav", "-o", "out.wav", "--json"] + options)
    let record = try #require(try made.records().first, "\(made.messages)")
    #expect(record["gain"] as? Double == gain && abs((record["seconds"] as? Double ?? 0) - 9) < 0.01)
    #expect(try lost(record) == [[4.5, 7.5]])
    for word in ["true peak of -1.0 dBTP", "channel 1 of 2", "0:04.5", "at 1 place"] {
      #expect(made.messages.contains(word), "\(word): \(made.messages)")
    }
    let after = try await command.run("inspect", "--deep", "out.wav", "--json")
    let signal = try #require(try after.records().first?["signal"] as? [String: Any])
    #expect((signal["peak"] as? Double ?? 0) > 0.8 && signal["channels"] is NSNull)
  }

  @Test("a mono mix of which nothing is left, and a dead channel, are refused by the plan as by the work")
  func nothingLeft() async throws {
    let command = try Command()
    defer { command.clean() }
    try Self.write(.wav(bitsPerSample: 16), level: 0.5, to: command.path("in.wav"))
    let samples = try AudioBuffer(decoding: command.path("in.wav")).samples
    let dead = samples.enumerated().map { $0.offset % 2 == 0 ? $0.element : 0 }
    try Data().write(to: URL(fileURLWithPath: command.path("dead.wav")))
    var encoder = try AudioEncoder(
      path: command.path("dead.wav"), encoding: .wav(bitsPerSample: 16), sampleRate: Self.rate, channels: 2)
    try encoder.write(dead)
    try encoder.finish()
    for options in [["--dry-run"], ["-o", "out.wav"], ["--dry-run", "--gain", "auto"]] {
      let mono = try await command.run(list: ["prepare", "in.wav", "--channels", "mono"] + options)
      #expect(mono.status == 65 && mono.output.isEmpty, "\(mono.status) \(mono.output)")
      #expect(mono.messages.contains("its channels cancel each other out, nothing is left of them"), "\(mono.messages)")
      let right = try await command.run(list: ["prepare", "dead.wav", "--channels", "right"] + options)
      #expect(right.status == 65 && right.output.isEmpty, "\(right.status) \(right.output)")
      #expect(right.messages.contains("channel 2 of 2 is silent; take --channels left"), "\(right.messages)")
      let left = try await command.run(list: ["prepare", "dead.wav", "--channels", "left", "--force"] + options)
      #expect(left.status == 0, "\(left.messages)")
      try? FileManager.default.removeItem(atPath: command.path("out.wav"))
    }
  }

  @Test("a plan that changes the level and writes a flac says of neither step what the other denies")
  func levelOfFLAC() async throws {
    let command = try Command()
    defer { command.clean() }
    try Self.write(.wav(bitsPerSample: 16), level: 0.1, to: command.path("in.wav"))
    let dry = try await command.run("prepare", "in.wav", "--gain", "auto", "--dry-run", "-o", "g.flac")
    #expect(dry.status == 0 && dry.output.contains("convert (lossy): the level is changed by"), "\(dry.output)")
    #expect(dry.output.contains("to flac, which keeps the changed samples exactly"), "\(dry.output)")
    #expect(!dry.output.contains("without loss"))
  }

  @Test("a mono mix that nearly cancels is warned of; a level that clips is refused with the most there is")
  func warnings() async throws {
    let command = try Command()
    defer { command.clean() }
    try Self.write(.wav(bitsPerSample: 16), level: 0.5, to: command.path("in.wav"))
    let samples = try AudioBuffer(decoding: command.path("in.wav")).samples
    let near = samples.enumerated().map { $0.offset % 2 == 0 ? $0.element : 0.9 * $0.element }
    try Data().write(to: URL(fileURLWithPath: command.path("near.wav")))
    var encoder = try AudioEncoder(
      path: command.path("near.wav"), encoding: .wav(bitsPerSample: 16), sampleRate: Self.rate, channels: 2)
    try encoder.write(near)
    try encoder.finish()
    let mono = try await command.run("prepare", "near.wav", "--channels", "mono", "--dry-run")
    #expect(mono.output.contains("WARNING") && mono.output.contains("softer than they are"), "\(mono.output)")
    let loud = try await command.run("prepare", "in.wav", "--gain", "12", "-o", "out.wav")
    #expect(loud.status == 64 && loud.messages.contains("clip"), "\(loud.status) \(loud.messages)")
    #expect(!FileManager.default.fileExists(atPath: command.path("out.wav")))
    let none = try await command.run("prepare", "in.wav", "--channels", "3", "-o", "out.wav")
    #expect(none.status == 64 && none.messages.contains("no channel 3"), "\(none.status) \(none.messages)")
    let softer = try await command.run("prepare", "in.wav", "--gain", "-3dB", "-o", "out.wav")
    #expect(softer.status == 0 && softer.messages.contains("-3.0 dB"), "\(softer.messages)")
  }

  @Test("cover and validate take the same options")
  func everywhere() async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("in"), withIntermediateDirectories: true)
    try Self.write(.flac(bitsPerSample: 16), level: 0.1, to: command.path("in/a.flac"))
    let options = ["--gain", "auto", "--channels", "2", "--max-silence", "0.5"]
    let cover = try await command.run(
      list: [
        "cover", "in/a.flac", "--prompt", "a quiet acoustic cover", "--service", "local", "--dry-run", "--json",
      ] + options)
    #expect(cover.status == 0, "\(cover.messages)")
    let plan = try #require(try cover.records().first)
    #expect(plan["gain"] as? Double ?? 0 > 15)
    #expect(try lost(plan) == [[4.25, 7.75]])
    let validate = try await command.run(list: ["validate", "in", "--gain", "auto"])
    #expect(validate.status == 64 && validate.messages.contains("--prepare-to"), "\(validate.messages)")
  }
}
