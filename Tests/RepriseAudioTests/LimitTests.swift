import RepriseAudio
import TestSupport
import Testing

@Suite("Limits")
struct LimitTests {
  static func wave(frames: Int, rate: Int = 8000) -> [Int32] {
    (0..<frames).map { Int32(($0 * 2_654_435) & 0xFFFFFF) << 7 & ~0xFFFF }
  }

  static func write(_ frames: Int, _ encoding: AudioEncoder.Encoding, to path: String) throws {
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: 8000, channels: 1)
    try encoder.write(wave(frames: frames))
    try encoder.finish()
  }

  static let edges: [(Int, Inspection.Verdict)] = [
    (47999, .rejected), (48000, .ready), (48001, .ready), (2_879_999, .ready), (2_880_000, .ready),
    (2_880_001, .preparable),
  ]

  @Test(
    "at 6 s and at 360 s one sample decides",
    arguments: [AudioEncoder.Encoding.wav(bitsPerSample: 16), .flac(bitsPerSample: 16), .mp3(bitrate: 32000)], edges)
  func edge(encoding: AudioEncoder.Encoding, edge: (frames: Int, verdict: Inspection.Verdict)) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("x")
    try Self.write(edge.frames, encoding, to: path)
    let found = await inspect(path: path, limits: AudioLimits())
    #expect(found.duration?.frames == edge.frames)
    #expect(found.verdict == edge.verdict)
    let codes = found.reasons.map(\.code)
    #expect(codes.contains(.tooShort) == (edge.frames < 48000))
    #expect(codes.contains(.tooLong) == (edge.frames > 2_880_000))
    // Encoder delay and padding carry an mp3 over the limit for tools that take no notice of them.
    let isNear = edge.frames == 47999 || (2_879_999...2_880_000).contains(edge.frames)
    #expect(codes.contains(.boundaryRisk) == (encoding == .mp3(bitrate: 32000) && isNear))
  }

  @Test("the byte limit is inclusive", arguments: [(0, Inspection.Verdict.ready), (-1, .preparable)])
  func bytes(slack: Int, verdict: Inspection.Verdict) async throws {
    var limits = AudioLimits()
    limits.maximumBytes = 52044 + slack
    let found = await inspect(path: fixture("plain.wav"), limits: limits)
    #expect(found.bytes == 52044)
    #expect(found.verdict == verdict)
    #expect(found.reasons.map(\.code) == (slack < 0 ? [.tooLarge] : []))
  }

  @Test("a format the service does not list can be converted")
  func formats() async throws {
    let found = await inspect(path: fixture("plain.wav"), limits: AudioLimits(formats: [.mp3]))
    #expect(found.verdict == .preparable)
    #expect(found.reasons.map(\.code) == [.unsupportedFormat])
  }

  @Test("a length one sample off the limit is not rounded to it")
  func digits() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("x")
    try Self.write(47999, .wav(bitsPerSample: 16), to: path)
    let found = await inspect(path: path, limits: AudioLimits())
    #expect(found.reasons.first?.finding == .tooShort(seconds: 5.999875, minimum: 6))
  }
}
