import Foundation
import RepriseAudio
import RepriseSystem
import TestSupport
import Testing

@Suite("What the decoders of other programs make of a file")
struct DecodersTests {
  static func read(_ path: String, timeout: Int = 600) throws -> [Misreading.Decoder: DecoderReading.Outcome] {
    let readings = try OutsideDecoders(timeout: timeout).read(path)
    #expect(readings.map(\.decoder) == Misreading.Decoder.allCases)
    return Dictionary(uniqueKeysWithValues: readings.map { ($0.decoder, $0.outcome) })
  }

  static func decoded(_ outcome: DecoderReading.Outcome?) -> DecoderReading.Decoded? {
    if case .decoded(let decoded)? = outcome { decoded } else { nil }
  }

  @Test(
    "of an ordinary file all read the same samples",
    arguments: [
      ("plain.wav", [.ffmpeg, .libsndfile]), ("float32.wav", [.ffmpeg, .libsndfile]),
      ("plain.flac", [.ffmpeg, .libsndfile, .libFLAC]), ("recording.mp3", [.ffmpeg, .libsndfile, .mpg123]),
    ] as [(String, [Misreading.Decoder])])
  func alike(name: String, decoders: [Misreading.Decoder]) throws {
    let walked = inspectBlocking(path: fixture(name), limits: AudioLimits(), deep: true)
    for (decoder, outcome) in try Self.read(fixture(name)) where outcome != .missing {
      guard decoders.contains(decoder) else {
        #expect(outcome == .notItsFormat, "\(decoder)")
        continue
      }
      let decoded = try #require(Self.decoded(outcome), "\(decoder) \(outcome)")
      #expect(decoded.frames == walked.duration?.frames, "\(decoder)")
      #expect(decoded.sampleRate == walked.sampleRate && decoded.channels == walked.channels)
      #expect(decoded.comparison.map { $0.firstDifference == nil } == true, "\(decoder) \(decoded)")
      #expect(name.hasSuffix("mp3") || decoded.complaints == 0 && decoded.message == nil, "\(decoder) \(decoded)")
    }
  }

  @Test("libsndfile ends where the total of a flac says")
  func early() throws {
    let outcome = try Self.read(fixture("total-too-small.flac"))[.libsndfile]
    guard outcome != .missing else { return }
    let decoded = try #require(Self.decoded(outcome), "\(String(describing: outcome))")
    let comparison = try #require(decoded.comparison)
    #expect(decoded.frames < comparison.ownFrames && comparison.firstDifference == decoded.frames)
  }

  @Test("the message of a decoder that rejects a file is kept")
  func refused() throws {
    let readings = try Self.read(fixture("free-format.mp3"))
    if let outcome = readings[.ffmpeg], outcome != .missing {
      guard case .refused(let message) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(!message.isEmpty && !message.contains(fixture("")) && !message.contains("0x"))
    }
    #expect(Self.decoded(readings[.mpg123])?.comparison?.firstDifference == nil)
  }

  @Test("what we do not decode is read, and not compared")
  func foreign() throws {
    for (decoder, outcome) in try Self.read(fixture("opus.ogg")) {
      if decoder == .mpg123 || decoder == .libFLAC { #expect(outcome == .notItsFormat) }
      if let decoded = Self.decoded(outcome) { #expect(decoded.frames > 0) }
    }
  }

  @Test(
    "what stands in for a name is what every decoder reads",
    arguments: ["plain.wav", "plain.flac", "recording.mp3"], ["-", "https://example.com/a.wav?b=c", "pipe:0"])
  func standIn(fixtureName: String, name: String) async throws {
    let direct = try Self.read(fixture(fixtureName))
    let found = try await StandIns.using([name: .success(fixture(fixtureName))]) { try Self.read(name) }
    #expect(found == direct)
  }

  // MARK: ffmpeg as a process

  /// Puts a program of the name ffmpeg alone in the search path.
  private static func readings(by script: String, timeout: Int) throws -> DecoderReading.Outcome? {
    let scratch = try Scratch()
    let program = try scratch.file("ffmpeg", Array(("#!/bin/sh\n" + script + "\n").utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    return try Environment.$replacement.withValue(["PATH": scratch.root + ":/usr/bin:/bin"]) {
      try read(fixture("plain.wav"), timeout: timeout)[.ffmpeg]
    }
  }

  @Test("a program that hangs is stopped, one that fails or prints anything is told of")
  func hostile() throws {
    #expect(try Self.readings(by: "[ \"$1\" = -version ] || sleep 60", timeout: 1) == .overdue(seconds: 1))
    #expect(
      try Self.readings(by: "echo '[wav @ 0x5] it is broken' >&2; exit 3", timeout: 60) == .refused("it is broken"))
    #expect(try Self.readings(by: "kill -SEGV $$", timeout: 60) == .refused("signal 11"))
    #expect(try Self.readings(by: "echo nonsense", timeout: 60) == .refused("exit status 0"))
    let flood = "[ \"$1\" = -version ] || { yes complaint | head -n 100000 >&2; exit 1; }"
    #expect(try Self.readings(by: flood, timeout: 60) == .refused("complaint"))
  }

  @Test("without the program it is not installed")
  func missing() throws {
    let scratch = try Scratch()
    let outcome = try Environment.$replacement.withValue(["PATH": scratch.root]) {
      try Self.read(fixture("plain.wav"))[.ffmpeg]
    }
    #expect(outcome == .missing)
  }
}
