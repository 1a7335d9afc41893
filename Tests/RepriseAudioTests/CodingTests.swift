import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Decoding and encoding")
struct CodingTests {
  /// A chord with some noise on it, so that no codec has it too easy.
  static func music(frames: Int, channels: Int, rate: Int) -> [Float] {
    var state: UInt32 = 1
    return (0..<frames * channels).map { index in
      let turns = 2 * Double.pi * Double(index / channels) / Double(rate)
      state = state &* 1_664_525 &+ 1_013_904_223
      let noise = Double(state >> 8) / 16_777_216 - 0.5
      let phase = Double(index % channels)
      let tones = sin(220 * turns + phase) + sin(277.18 * turns + phase) + sin(329.63 * turns + phase)
      return Float(0.2 * tones + 0.05 * noise)
    }
  }

  static func write(_ samples: [Float], _ encoding: AudioEncoder.Encoding, rate: Int, channels: Int, to path: String)
    throws
  {
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: channels)
    var start = 0
    while start < samples.count {
      let end = min(start + 4096 * channels, samples.count)
      try encoder.write(Array(samples[start..<end]))
      start = end
    }
    try encoder.finish()
  }

  static func integers(of path: String) throws -> [Int32] {
    var decoder = try AudioDecoder(path: path)
    var all: [Int32] = []
    var block: [Int32] = []
    while try decoder.read(into: &block, frames: 5000) > 0 { all += block }
    return all
  }

  @Test(
    "an mp3 has the constant bit rate that was asked for, frame by frame",
    arguments: [
      (44100, 32), (44100, 64), (44100, 128), (44100, 256), (44100, 320), (48000, 160), (22050, 56), (16000, 24),
      (8000, 8), (8000, 64),
    ])
  func bitrate(rate: Int, kilobits: Int) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3")
    let samples = Self.music(frames: rate * 2, channels: 2, rate: rate)
    try Self.write(samples, .mp3(bitrate: kilobits * 1000), rate: rate, channels: 2, to: path)
    let bytes = try bytes(of: path)
    let samplesPerFrame = rate >= 32000 ? 1152 : 576
    // The frames' count comes from the length, which LAME pads by at most three frames.
    let frames = Double(bytes.count) / (Double(samplesPerFrame * 125 * kilobits) / Double(rate))
    let least = Double(rate * 2) / Double(samplesPerFrame)
    #expect(frames >= least && frames <= least + 5)
  }

  @Test(
    "the decoded mp3 is as long and as aligned as what was encoded",
    arguments: [(44100, 2, 100_000), (44100, 1, 44100), (22050, 1, 31111), (48000, 2, 1152 * 40), (32000, 2, 50001)])
  func mp3IsExact(rate: Int, channels: Int, frames: Int) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3")
    let samples = Self.music(frames: frames, channels: channels, rate: rate)
    try Self.write(samples, .mp3(bitrate: rate >= 32000 ? 256_000 : 160_000), rate: rate, channels: channels, to: path)
    let back = try AudioBuffer(decoding: path)
    #expect(back.frames == frames)
    #expect(back.channels == channels && back.sampleRate == rate)
    // At this bit rate the error stays far under the signal only if nothing is shifted.
    var error = 0.0
    var energy = 0.0
    for (a, b) in zip(samples, back.samples) {
      error += Double((a - b) * (a - b))
      energy += Double(a * a)
    }
    #expect(10 * log10(energy / error) > 15)
  }

  @Test(
    "integers go through wav and flac unchanged",
    arguments: [
      (AudioEncoder.Encoding.wav(bitsPerSample: 16), 16), (.wav(bitsPerSample: 24), 24), (.wav(bitsPerSample: 32), 32),
      (.flac(bitsPerSample: 16), 16), (.flac(bitsPerSample: 24), 24), (.flac(bitsPerSample: 8), 8),
    ])
  func lossless(encoding: AudioEncoder.Encoding, bits: Int) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x")
    var samples = Self.music(frames: 20000, channels: 2, rate: 44100).map { Int32($0 * 2_000_000_000) }
    samples += [Int32.max, Int32.min, 0, -1]
    let mask = Int32(-1) << Int32(32 - bits)
    samples = samples.map { $0 & mask }
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: 44100, channels: 2)
    try encoder.write(samples)
    try encoder.finish()
    #expect(try Self.integers(of: path) == samples)
  }

  @Test("floats that came from 16-bit integers come back as the same integers")
  func noDither() throws {
    let scratch = try Scratch()
    let first = try scratch.file("a.wav")
    let second = try scratch.file("b.flac")
    try Self.write(
      Self.music(frames: 9999, channels: 1, rate: 8000), .wav(bitsPerSample: 16), rate: 8000, channels: 1, to: first)
    let buffer = try AudioBuffer(decoding: first)
    try Self.write(buffer.samples, .flac(bitsPerSample: 16), rate: 8000, channels: 1, to: second)
    #expect(try Self.integers(of: first) == Self.integers(of: second))
  }

  @Test("what lies outside full scale is clipped, never wrapped, and NaN becomes silence")
  func clipping() throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.wav")
    try Self.write([1.5, -1.5, 1, -1, .nan, .infinity], .wav(bitsPerSample: 16), rate: 8000, channels: 1, to: path)
    let full: Int32 = 0x7FFF << 16
    #expect(try Self.integers(of: path) == [full, .min, full, .min, 0, full])
  }

  @Test("bare PCM is little-endian 16-bit without a header")
  func pcm() throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.pcm")
    try Self.write([0.5, -0.5], .pcm16, rate: 44100, channels: 1, to: path)
    #expect(try bytes(of: path) == [0x00, 0x40, 0x00, 0xC0])
  }

  @Test("the same samples give the same bytes")
  func reproducible() throws {
    let scratch = try Scratch()
    let samples = Self.music(frames: 5000, channels: 2, rate: 44100)
    for encoding in [AudioEncoder.Encoding.wavFloat, .flac(bitsPerSample: 24), .mp3(bitrate: 128_000)] {
      let a = try scratch.file("a")
      let b = try scratch.file("b")
      try Self.write(samples, encoding, rate: 44100, channels: 2, to: a)
      try Self.write(samples, encoding, rate: 44100, channels: 2, to: b)
      #expect(try bytes(of: a) == bytes(of: b))
    }
  }

  @Test("a bit rate that mp3 does not have is refused with the ones it has")
  func unknownBitrate() throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3")
    #expect {
      _ = try AudioEncoder(path: path, encoding: .mp3(bitrate: 100_000), sampleRate: 44100, channels: 2)
    } throws: { error in
      guard case .bitRate(100_000, sampleRate: 44100, channels: 2, let known)? = (error as? AudioFileError)?.problem
      else {
        return false
      }
      return known.contains(96_000) && known.contains(112_000)
    }
  }

  @Test("a full disk is reported, not swallowed", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    #expect {
      // The device takes no byte: what a full disk does, at the first write.
      try Self.write(
        Self.music(frames: 100_000, channels: 2, rate: 44100), .mp3(bitrate: 128_000), rate: 44100, channels: 2,
        to: "/dev/full")
    } throws: { ($0 as? AudioFileError)?.code == .diskFull }
  }

  @Test("the recording decodes to its 26 seconds")
  func recording() throws {
    let buffer = try AudioBuffer(decoding: fixture("recording.mp3"))
    #expect(buffer.frames == 26 * 44100 && buffer.channels == 2 && buffer.sampleRate == 44100)
  }
}
