import RepriseAudio
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Boundaries")
struct BoundaryTests {
  /// Silence but for one sample, written in blocks.
  static func write(_ frames: Int, _ encoding: AudioEncoder.Encoding, rate: Int, to path: String) throws {
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: 1)
    var left = frames
    while left > 0 {
      var block = [Int32](repeating: 0, count: min(left, 1 << 20))
      block[0] = 1 << 30
      try encoder.write(block)
      left -= block.count
    }
    try encoder.finish()
  }

  @Test(
    "at 6 s and at 360 s one sample decides, in wav and flac at any rate", .takesLong,
    arguments: [8000, 44100, 48000, 96000], [AudioEncoder.Encoding.wav(bitsPerSample: 16), .flac(bitsPerSample: 8)])
  func length(rate: Int, encoding: AudioEncoder.Encoding) async throws {
    let scratch = try Scratch()
    for seconds in [6, 360] {
      for slack in [-1, 0, 1] {
        let path = try scratch.file("x")
        let frames = rate * seconds + slack
        if case .wav = encoding, seconds == 360 {
          // The samples are a hole: only the length matters.
          try Self.sparse(path, header: Self.header(rate: rate, data: frames), byteCount: 44 + frames)
        } else {
          try Self.write(frames, encoding, rate: rate, to: path)
        }
        var limits = AudioLimits()
        limits.maximumBytes = 100_000_000
        let found = await inspect(path: path, limits: limits)
        #expect(found.duration?.frames == frames)
        let wanted: Inspection.Verdict =
          seconds == 6 ? (slack < 0 ? .rejected : .ready) : (slack > 0 ? .preparable : .ready)
        #expect(found.verdict == wanted, "\(rate) Hz, \(seconds) s \(slack)")
        let codes: [Inspection.Reason.Code] = wanted == .ready ? [] : [seconds == 6 ? .tooShort : .tooLong]
        #expect(found.reasons.map(\.code) == codes)
      }
    }
  }

  static func header(rate: Int, data: Int, channels: Int = 1, bits: Int = 8) -> [UInt8] {
    let frame = channels * bits / 8
    return Array("RIFF".utf8) + WaveTests.little(36 + data, 4) + Array("WAVEfmt ".utf8) + [16, 0, 0, 0, 1, 0]
      + WaveTests.little(channels, 2) + WaveTests.little(rate, 4) + WaveTests.little(rate * frame, 4)
      + WaveTests.little(frame, 2) + WaveTests.little(bits, 2) + Array("data".utf8) + WaveTests.little(data, 4)
  }

  /// A file of any size that takes no room.
  static func sparse(_ path: String, header: [UInt8], byteCount: Int) throws {
    try Data(header).write(to: URL(fileURLWithPath: path))
    let outcome = unsafe truncate(path, off_t(byteCount))
    try #require(outcome == 0)
  }

  @Test(
    "50,000,000 bytes are taken and one more is too large",
    arguments: [(-1, Inspection.Verdict.ready), (0, .ready), (1, .preparable)])
  func bytes(slack: Int, verdict: Inspection.Verdict) async throws {
    let scratch = try Scratch()
    let count = 50_000_000 + slack
    let wave = scratch.path("x.wav")
    try Self.sparse(wave, header: Self.header(rate: 192_000, data: count - 44), byteCount: count)
    let found = await inspect(path: wave, limits: AudioLimits())
    #expect(found.bytes == count && found.duration?.frames == count - 44)
    #expect(
      found.verdict == verdict && found.reasons.map(\.code) == (verdict == .ready ? [] : [.tooLarge, .boundaryRisk]))
    // A flac that is small but for the zeros behind its frames, for which libFLAC rejects it.
    let flac = scratch.path("x.flac")
    try Self.sparse(flac, header: try TestSupport.bytes(of: fixture("plain.flac")), byteCount: count)
    let other = await inspect(path: flac, limits: AudioLimits())
    #expect(other.duration?.frames == 26000 && other.duration?.basis == .counted)
    #expect(other.verdict == .preparable)
    #expect(other.reasons.map(\.code) == [.notPortable] + (verdict == .ready ? [] : [.tooLarge, .boundaryRisk]))
  }

  @Test("a wav of more than 4 GiB is as long as it is, whatever holds it")
  func huge() async throws {
    let scratch = try Scratch()
    let data = (1 << 32) + 8000
    let rf64 = scratch.path("rf64.wav")
    let format = WaveTests.chunk("fmt ", WaveTests.format(rate: 48000))
    let sizes = WaveTests.little(data + 80 - 8, 8) + WaveTests.little(data, 8) + WaveTests.little(data / 2, 8)
    let head =
      Array("RF64".utf8) + WaveTests.little(0xFFFF_FFFF, 4) + Array("WAVE".utf8)
      + WaveTests.chunk("ds64", sizes + [0, 0, 0, 0]) + format + Array("data".utf8) + WaveTests.little(0xFFFF_FFFF, 4)
    #expect(head.count == 80)
    try Self.sparse(rf64, header: head, byteCount: data + 80)
    let found = await inspect(path: rf64, limits: AudioLimits())
    #expect(found.duration?.frames == data / 2 && found.container == "RF64")
    #expect(found.reasons.map(\.code) == [.tooLong, .tooLarge] && found.integrity.problems.isEmpty)
    // A RIFF's 32 bits hold what is left of the size: 8000 bytes.
    let riff = scratch.path("riff.wav")
    try Self.sparse(riff, header: Self.header(rate: 48000, data: data, bits: 16), byteCount: data + 44)
    let wrapped = await inspect(path: riff, limits: AudioLimits(minimumSeconds: 0.01))
    #expect(wrapped.duration?.frames == 4000)
    #expect(
      wrapped.integrity.problems.contains {
        if case .wave(.strayBytes(4_294_967_296, _, _)) = $0 { true } else { false }
      })
  }
}
