import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Signal figures")
struct SignalFiguresTests {
  static let limits = AudioLimits(minimumSeconds: 0)

  /// Twelve seconds at 8 kHz: a second of silence, a tone, three seconds of silence from 4 s, a tone, half a second at
  /// full scale from 9 s, a tone, and a second of silence; the last channel is off centre.
  static func samples(channels: Int, offset: Float) -> [Float] {
    (0..<96000).flatMap { frame in
      let time = Double(frame) / 8000
      let isSilent = time < 1 || time >= 4 && time < 7 || time >= 11
      let isFull = time >= 9 && time < 9.5
      let tone = Float(0.25 * sin(2 * .pi * 440.3 * time + 1))
      let value: Float = isSilent ? 0.0001 : isFull ? 1 : tone
      return (0..<channels).map { $0 == channels - 1 && !isFull ? value + offset : value }
    }
  }

  static func inspected(_ samples: [Float], channels: Int, flac: Bool) async throws -> Inspection {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let path = try scratch.file("x")
    var encoder = try AudioEncoder(
      path: path, encoding: flac ? .flac(bitsPerSample: 24) : .wavFloat, sampleRate: 8000, channels: channels)
    try encoder.write(samples)
    try encoder.finish()
    return await inspect(path: path, limits: limits, deep: true)
  }

  @Test(
    "silence, clipping and offset are found where they are, for any number of channels",
    arguments: [1, 2, 3, 4, 6, 8], [false, true])
  func figures(channels: Int, flac: Bool) async throws {
    let found = try await Self.inspected(Self.samples(channels: channels, offset: 0), channels: channels, flac: flac)
    let signal = try #require(found.signal)
    #expect(abs(signal.peak - 1) < 1e-6)
    #expect(signal.silence.map(\.start).map { ($0 * 100).rounded() / 100 } == [0, 4, 11])
    #expect(signal.silence.map(\.end).map { ($0 * 100).rounded() / 100 } == [1, 7, 12])
    #expect(abs(signal.clippedShare - 4000.0 / 96000) < 1e-9)
    #expect(signal.clippedRuns == channels)
    #expect(signal.firstClipping == signal.longestClipping)
    #expect(signal.longestClipping.map { [$0.start, $0.end] } == [9, 9.5])
    #expect(signal.dcOffset.count == channels)
    #expect(found.reasons.map(\.code) == [.clipped])
    guard case .clipped(_, let runs?)? = found.reasons.first?.finding else {
      Issue.record("\(found.reasons)")
      return
    }
    #expect(runs.count == channels && runs.first.start == 9 && runs.longest.end == 9.5)
  }

  @Test("an offset of one channel is a remark, and no verdict", arguments: [0.02, -0.05, 0.009])
  func offset(offset: Double) async throws {
    let quiet = Self.samples(channels: 2, offset: Float(offset)).map { $0 == 1 ? 0 : $0 }
    let found = try await Self.inspected(quiet, channels: 2, flac: false)
    let signal = try #require(found.signal)
    let left = stride(from: 0, to: quiet.count, by: 2).reduce(0.0) { $0 + Double(quiet[$1]) } / 96000
    let right = stride(from: 1, to: quiet.count, by: 2).reduce(0.0) { $0 + Double(quiet[$1]) } / 96000
    #expect(abs(signal.dcOffset[0] - left) < 1e-6 && abs(signal.dcOffset[1] - right) < 1e-6)
    #expect(found.verdict == .ready)
    let offsets = found.integrity.problems.compactMap { finding -> [ChannelOffset]? in
      if case .offCentre(let channels) = finding { channels } else { nil }
    }
    #expect(offsets.flatMap { $0 }.map(\.channel) == (abs(right) >= 0.01 ? [2] : []))
  }

  @Test(
    "loudness is that of ffmpeg's ebur128",
    arguments: [("recording.mp3", -20.8, 4.3, -4.1), ("vbr.mp3", -17.9, 0.1, -6.1)])
  func loudness(name: String, integrated: Double, range: Double, truePeak: Double) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(), loudness: true)
    let loudness = try #require(found.loudness)
    #expect(abs((loudness.integrated ?? 0) - integrated) < 0.1)
    // libebur128 takes a value a second, ffmpeg ten; Tech 3342 allows both.
    #expect(abs(loudness.range - range) < 0.5)
    #expect(abs((loudness.truePeak ?? 9) - truePeak) < 0.1)
    #expect(found.signal != nil && found.duration?.basis == .decoded)
  }

  @Test("silence has no loudness, and nothing in it is infinite")
  func silent() async throws {
    let found = await inspect(path: fixture("silent.wav"), limits: AudioLimits(), loudness: true)
    #expect(found.loudness?.integrated == nil && found.loudness?.truePeak == nil)
    #expect(found.signal?.silence.count == 1)
    let back = try JSONDecoder().decode(Inspection.self, from: JSONEncoder().encode(found))
    #expect(back.signal == found.signal && back.loudness == found.loudness)
  }

  @Test(
    "every tool's length on the other side of a limit is named with its number",
    arguments: [
      // 354,816 samples; 32,422 bytes at 32 kbit/s would be 8.11 s.
      ("vbr-without-xing.mp3", 8.05, [.bitRate, .bitRateWithTags]), ("vbr-without-xing.mp3", 8.2, []),
      // 277,830 samples are 6.3 s; with delay and padding 279,936, 6.348 s, with the header's frame 6.374.
      ("cbr.mp3", 6.31, [.untrimmed, .headerFrame, .claimedFrames]),
      ("cbr.mp3", 6.36, [.headerFrame]), ("cbr.mp3", 6.38, []),
      ("xing-claims-ten-times.mp3", 30, [.header, .claimedFrames]),
      ("id3-picture-without-info.mp3", 6.36, [.bitRateWithTags]),
    ] as [(String, Double, [ReportedDuration.Reporter])])
  func reports(name: String, maximum: Double, reporters: [ReportedDuration.Reporter]) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(maximumSeconds: maximum))
    #expect(found.verdict != .rejected)
    let risks = found.reasons.filter { $0.code == .boundaryRisk }
    #expect(risks.count == (reporters.isEmpty ? 0 : 1))
    guard let risk = risks.first else { return }
    guard case .lengthRisk(_, let limit, let reported) = risk.finding else {
      Issue.record("\(risk.finding)")
      return
    }
    #expect(limit == maximum && reported.map(\.reporter) == reporters)
    #expect(reported.allSatisfy { $0.seconds > maximum })
  }

  @Test("a file between 50 MB and 50 MiB is too large here, and it is said who would take it")
  func megabytes() async throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let tail = 52_044 - 44
    let plain = try bytes(of: fixture("plain.wav"))
    for (size, isBetween) in [(1_000_000, false), (1_000_001, true), (1_048_576, true), (1_048_577, false)] {
      var data = plain + [UInt8](repeating: 0, count: size - plain.count)
      let junk = size - plain.count - 8
      data.replaceSubrange(
        44 + tail..<44 + tail + 8, with: Array("junk".utf8) + (0..<4).map { UInt8(junk >> (8 * $0) & 255) })
      let path = try scratch.file("\(size).wav", data)
      let found = await inspect(path: path, limits: AudioLimits(maximumBytes: 1_000_000))
      #expect(found.reasons.contains { $0.code == .tooLarge } == (size > 1_000_000))
      let risk = found.reasons.first { $0.code == .boundaryRisk }
      #expect((risk != nil) == isBetween)
      if isBetween {
        #expect(risk?.finding == .sizeRisk(bytes: size, maximum: 1_000_000, binaryMaximum: 1_048_576))
      }
    }
  }
}
