import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Wavs with whole samples that some decoder misreads, and what is made of them.
@Suite("Mending of wavs")
struct WaveMendingTests {
  typealias Make = @Sendable (Sound) -> [UInt8]

  /// A sound, and the parts of a file that holds it.
  struct Sound: Sendable, CustomTestStringConvertible {
    let channels: Int
    let rate: Int
    let bits: Int
    let frames: Int
    let samples: [UInt8]
    var testDescription: String { "\(channels) × \(bits) bits at \(rate) Hz" }

    init(channels: Int, rate: Int, bits: Int, frames: Int) {
      (self.channels, self.rate, self.bits, self.frames) = (channels, rate, bits, frames)
      samples = (0..<frames * channels).flatMap { index -> [UInt8] in
        let wave = 0.4 * sin(Double(index / channels) * 0.05 * Double(1 + index % channels))
        let value = Int(wave * Double(1 << (bits - 1)))
        return WaveTests.little(bits == 8 ? value + 128 : value, bits / 8)
      }
    }

    var format: [UInt8] { WaveTests.chunk("fmt ", WaveTests.format(channels: channels, rate: rate, bits: bits)) }

    func extensible(valid: Int, extensionBytes: Int = 22) -> [UInt8] {
      let guid: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
      let rest =
        WaveTests.little(extensionBytes, 2) + WaveTests.little(valid, 2) + WaveTests.little((1 << channels) - 1, 4)
      return WaveTests.chunk(
        "fmt ", WaveTests.format(tag: 0xFFFE, channels: channels, rate: rate, bits: bits) + rest + guid)
    }

    func data(size: Int? = nil) -> [UInt8] { WaveTests.chunk("data", samples, size: size) }
  }

  static let sounds = [
    Sound(channels: 1, rate: 8000, bits: 8, frames: 9001), Sound(channels: 2, rate: 44100, bits: 16, frames: 50000),
    Sound(channels: 1, rate: 16000, bits: 24, frames: 20001), Sound(channels: 6, rate: 48000, bits: 24, frames: 9000),
    Sound(channels: 2, rate: 96000, bits: 32, frames: 30000),
  ]

  static let cue = WaveTests.chunk("cue ", WaveTests.little(1, 4) + [UInt8](repeating: 1, count: 24))
  static let list = WaveTests.chunk("LIST", Array("INFOISFT".utf8) + WaveTests.little(5, 4) + Array("name\0".utf8))

  static let kinds: [(name: String, make: Make)] = [
    ("8 valid bits too few", { WaveTests.riff($0.extensible(valid: max($0.bits - 8, 1)), $0.data()) }),
    ("more valid bits than there are", { WaveTests.riff($0.extensible(valid: $0.bits + 8), $0.data()) }),
    ("extension of no bytes", { WaveTests.riff($0.extensible(valid: $0.bits, extensionBytes: 0), $0.data()) }),
    ("extension of 20 bytes", { WaveTests.riff($0.extensible(valid: $0.bits, extensionBytes: 20), $0.data()) }),
    ("crashed", { WaveTests.riff($0.format, $0.data(size: 0), size: 0) }),
    ("crashed, cue behind", { WaveTests.riff($0.format, $0.data(size: 0), cue, size: 0) }),
    (
      "streamed, chunks behind", { WaveTests.riff($0.format, $0.data(size: 0xFFFF_FFFF), list, cue, size: 0xFFFF_FFFF) }
    ),
    ("size too small", { WaveTests.riff($0.format, $0.data(size: $0.samples.count / 3 / 24 * 24)) }),
    (
      "size too small, chunk behind", { WaveTests.riff($0.format, $0.data(size: $0.samples.count / 3 / 24 * 24), list) }
    ),
    ("size over the chunk behind", { WaveTests.riff($0.format, $0.data(size: $0.samples.count + 24), list, cue) }),
    ("size far too large, chunk behind", { WaveTests.riff($0.format, $0.data(size: $0.samples.count * 3), list) }),
    ("format behind", { WaveTests.riff($0.data(), $0.format) }),
    ("two formats", { WaveTests.riff($0.format, WaveTests.chunk("fmt ", WaveTests.format()), $0.data()) }),
    (
      "chunk without padding",
      { WaveTests.riff(WaveTests.chunk("LIST", [1, 2, 3, 4, 5], isPadded: false), $0.format, $0.data()) }
    ),
    ("BW64", { Array("BW64".utf8) + wide($0, size: $0.samples.count).dropFirst(4) }),
    ("RF64 without sizes", { wide($0, size: 0) }),
    ("bytes in front", { [UInt8](repeating: 0, count: 100) + WaveTests.riff($0.format, $0.data()) }),
  ]

  static func wide(_ sound: Sound, size: Int) -> [UInt8] {
    let sizes = WaveTests.little(0, 8) + WaveTests.little(size, 8) + WaveTests.little(0, 12)
    let file = WaveTests.riff(WaveTests.chunk("ds64", sizes), sound.format, sound.data(size: 0xFFFF_FFFF))
    return Array("RF64".utf8) + WaveTests.little(0xFFFF_FFFF, 4) + file.dropFirst(8)
  }

  @Test("a wav with whole samples is mended so that all decoders read them", arguments: kinds.indices, sounds)
  func mend(kind: Int, sound: Sound) async throws {
    // Samples of 8 bits have no narrower container.
    if kind == 0, sound.bits == 8 { return }
    // Where nothing tells the size, the byte that makes an odd one even cannot be told from a sample.
    if sound.samples.count % 2 == 1, [4, 7, 15].contains(kind) { return }
    let scratch = try Scratch()
    let source = try scratch.file("source.wav", Self.kinds[kind].make(sound))
    let found = await WaveTests.look(source)
    let limits = AudioLimits(minimumSeconds: 0.01)
    let judged = await inspect(path: source, limits: limits)
    #expect(judged.verdict == .preparable && judged.reasons.contains { $0.code == .notPortable }, "\(judged.reasons)")
    #expect(found.duration?.frames == sound.frames, "\(found.integrity.problems)")
    let mending = try #require(judged.notes.mending)
    let result = try scratch.file("result.wav", try Self.bytes(of: mending.result, source: source))
    let made = await inspect(path: result, limits: limits, deep: true)
    #expect(made.verdict == .ready && made.reasons.isEmpty, "\(made.reasons)")
    #expect(made.integrity.problems.allSatisfy { if case .wave(.sideChunks) = $0 { true } else { false } })
    let whole = try scratch.file("whole.wav", WaveTests.riff(sound.format, sound.data()))
    let expected = try CodingTests.integers(of: whole)
    #expect(try CodingTests.integers(of: result) == expected)
    #expect(try CodingTests.integers(of: source) == expected)
    guard OtherDecoder.ffmpeg.path != nil else { return }
    let ffmpeg = try OtherDecoder.ffmpeg.floats(of: result, output: scratch.path("x.raw"))
    #expect(ffmpeg == (try AudioBuffer(decoding: whole).samples))
  }

  @Test(
    "17 to 24 bits in 4 bytes under the plain header are left-justified integers, if their bytes are",
    arguments: [1, 2, 6], [18, 20, 24])
  func wideContainers(channels: Int, bits: Int) async throws {
    let scratch = try Scratch()
    let sound = Sound(channels: channels, rate: 16000, bits: 24, frames: 9000)
    let words = stride(from: 0, to: sound.samples.count, by: 3).flatMap { [0] + sound.samples[$0..<$0 + 3] }
    func file(_ words: [UInt8]) -> [UInt8] {
      let format = WaveTests.format(channels: channels, rate: 16000, bits: bits, align: 4 * channels)
      return WaveTests.riff(WaveTests.chunk("fmt ", format), WaveTests.chunk("data", words))
    }
    let source = try scratch.file("source.wav", file(words))
    let found = await inspect(path: source, limits: AudioLimits(minimumSeconds: 0.01))
    #expect(found.verdict == .preparable && found.duration?.frames == 9000, "\(found.reasons)")
    let mending = try #require(found.notes.mending)
    let result = try scratch.file("result.wav", try Self.bytes(of: mending.result, source: source))
    let made = await inspect(path: result, limits: AudioLimits(minimumSeconds: 0.01), deep: true)
    #expect(made.verdict == .ready && made.codec == "pcm_s32le", "\(made.reasons)")
    let whole = try scratch.file("whole.wav", WaveTests.riff(sound.format, sound.data()))
    #expect(try CodingTests.integers(of: result) == CodingTests.integers(of: whole))
    // Floats under the same header, as ffmpeg reads them, are not taken for integers.
    let floats = (0..<9000 * channels).flatMap { index -> [UInt8] in
      WaveTests.little(Int((Float(index % 997 - 498) * 32).bitPattern), 4)
    }
    let other = await inspect(path: try scratch.file("floats.wav", file(floats)), limits: AudioLimits())
    #expect(other.verdict == .rejected && other.reasons.first?.code == .corrupt, "\(other.reasons)")
  }

  @Test("chunks beside the samples stay on their side of them")
  func chunksStay() async throws {
    let scratch = try Scratch()
    let sound = Self.sounds[1]
    let file = WaveTests.riff(Self.list, sound.extensible(valid: 8), sound.data(), Self.cue)
    let source = try scratch.file("source.wav", file)
    let mending = try #require(await WaveTests.look(source).notes.mending)
    let made = try Self.bytes(of: mending.result, source: source)
    #expect(mending.repairs.last == .wave(.kept(FirstOf(["LIST", "cue "]))))
    let expected = WaveTests.riff(sound.format, Self.list, sound.data(), Self.cue)
    #expect(made == expected)
    let bare = try #require(mending.bare)
    #expect(try Self.bytes(of: bare, source: source) == WaveTests.riff(sound.format, sound.data()))
  }

  @Test("samples in several data chunks become one", arguments: sounds)
  func dataChunks(sound: Sound) async throws {
    let scratch = try Scratch()
    let frame = sound.channels * sound.bits / 8
    let cut = sound.frames / 3 * frame
    let file = WaveTests.riff(
      sound.format, WaveTests.chunk("data", Array(sound.samples[..<cut])), Self.list,
      WaveTests.chunk("data", Array(sound.samples[cut...])))
    let source = try scratch.file("source.wav", file)
    let found = await inspect(path: source, limits: AudioLimits(minimumSeconds: 0.01))
    #expect(found.duration?.frames == sound.frames && found.verdict == .preparable)
    let mending = try #require(found.notes.mending)
    let made = try Self.bytes(of: mending.bare ?? mending.result, source: source)
    #expect(made == WaveTests.riff(sound.format, sound.data()))
  }

  @Test("wavs joined byte by byte are told with their lengths", arguments: sounds, [nil, 0xFFFF_FFFF])
  func joined(sound: Sound, size: Int?) async throws {
    let scratch = try Scratch()
    let other = Sound(channels: 1, rate: 8000, bits: 16, frames: 4000)
    let file =
      WaveTests.riff(sound.format, sound.data(size: size), size: size)
      + WaveTests.riff(other.format, other.data(size: size), size: size)
    let found = await inspect(
      path: try scratch.file("x.wav", file), limits: AudioLimits(minimumSeconds: 0.01), deep: true)
    #expect(found.verdict == .preparable && found.reasons.first?.code == .notPortable, "\(found.reasons)")
    guard case .wave(.severalWaves(let parts))? = found.reasons.first?.finding else {
      Issue.record("\(found.reasons)")
      return
    }
    let seconds = Double(sound.frames) / Double(sound.rate)
    #expect(parts.count == 2 && parts.first[1].end - parts.first[1].start == 0.5)
    #expect(abs(parts.first[0].end - seconds) < 0.001)
    // The first alone has other audio, so that the two are not taken for copies.
    let alone = await WaveTests.look(try scratch.file("y.wav", WaveTests.riff(sound.format, sound.data())))
    #expect(alone.audioBytes != found.audioBytes)
  }

  @Test("bytes of text or noise behind the samples are no samples", arguments: sounds)
  func noSamples(sound: Sound) async throws {
    let scratch = try Scratch()
    var random = Seeded(3)
    let noise = (0..<60000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let file = WaveTests.riff(sound.format, sound.data()) + [0xFF, 0xFE] + noise
    let found = await WaveTests.look(try scratch.file("x.wav", file))
    #expect(found.duration?.frames == sound.frames && !found.reasons.contains { $0.code == .notPortable })
  }

  /// Returns the bytes of a splice.
  static func bytes(of splice: ByteSplice, source: String) throws -> [UInt8] {
    let all = try TestSupport.bytes(of: source)
    return splice.pieces.flatMap { piece in
      switch piece {
      case .bytes(let bytes): bytes
      case .source(let range): Array(all[range])
      }
    }
  }
}
