import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Wav")
struct WaveTests {
  static func look(_ path: String, deep: Bool = false) async -> Inspection {
    await inspect(path: path, limits: AudioLimits(minimumSeconds: 1), deep: deep)
  }

  static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func chunk(_ name: String, _ body: [UInt8], size: Int? = nil, isPadded: Bool = true) -> [UInt8] {
    Array(name.utf8) + little(size ?? body.count, 4) + body + (isPadded && body.count % 2 == 1 ? [0] : [])
  }

  static func format(tag: Int = 1, channels: Int = 1, rate: Int = 4000, bits: Int = 16, align: Int? = nil) -> [UInt8] {
    let frame = channels * ((bits + 7) / 8)
    return little(tag, 2) + little(channels, 2) + little(rate, 4) + little(rate * frame, 4) + little(align ?? frame, 2)
      + little(bits, 2)
  }

  static func riff(_ chunks: [UInt8]..., size: Int? = nil) -> [UInt8] {
    let body = Array("WAVE".utf8) + chunks.flatMap { $0 }
    return Array("RIFF".utf8) + little(size ?? body.count, 4) + body
  }

  /// The samples of plain.wav.
  static func samples() throws -> [UInt8] { Array(try bytes(of: fixture("plain.wav")).dropFirst(44)) }

  @Test(
    "every container is named",
    arguments: [("plain.wav", "RIFF"), ("rf64.wav", "RF64"), ("wave64.wav", "W64")])
  func container(name: String, container: String) async throws {
    let found = await Self.look(fixture(name))
    #expect(found.container == container && found.verdict == .ready)
    #expect(await Self.look(fixture("plain.flac")).container == nil)
  }

  /// A file, how many frames all decoders or those who read it at all find, the verdict and what is told of it.
  static let odd:
    [(
      name: String, frames: Int, verdict: Inspection.Verdict, codes: [Inspection.Reason.Code],
      isIt: @Sendable (WaveFinding) -> Bool
    )] = [
      ("chunk-without-pad.wav", 26000, .preparable, [.notPortable], { $0 == .unpaddedChunks(1) }),
      (
        "data-size-ten-times.wav", 26000, .ready, [.headerLies],
        { $0 == .excessiveSize(declaredBytes: 520_000, presentBytes: 52000) }
      ),
      (
        "block-align-wrong.wav", 26000, .preparable, [.notPortable],
        { $0 == .frameSize(claimed: 7, actual: 2, channels: 1, bits: 16) }
      ),
      ("id3-in-front.wav", 26000, .ready, [], { if case .tagsInFront(let bytes) = $0 { bytes > 10 } else { false } }),
      (
        "two-data-chunks.wav", 26000, .preparable, [.notPortable, .headerLies],
        { if case .laterData(chunks: 1, let seconds) = $0 { seconds > 0 } else { false } }
      ),
      (
        "rf64-without-ds64.wav", 8000, .preparable, [.notPortable, .notPortable, .headerLies, .boundaryRisk],
        { if case .unfilledSize(_, presentBytes: 16000) = $0 { true } else { false } }
      ),
    ]

  @Test("what a header gets wrong is reported, and the length is that of the samples", arguments: odd, [false, true])
  func oddities(
    file: (
      name: String, frames: Int, verdict: Inspection.Verdict, codes: [Inspection.Reason.Code],
      isIt: @Sendable (WaveFinding) -> Bool
    ),
    deep: Bool
  ) async throws {
    let found = await Self.look(fixture(file.name), deep: deep)
    #expect(found.duration?.frames == file.frames && found.verdict == file.verdict)
    #expect(found.reasons.map(\.code) == file.codes)
    let reported = found.integrity.problems + found.reasons.map(\.finding)
    #expect(reported.contains { if case .wave(let finding) = $0 { file.isIt(finding) } else { false } }, "\(reported)")
    let decoded = try CodingTests.integers(of: fixture(file.name))
    #expect(decoded == Array(try CodingTests.integers(of: fixture("plain.wav")).prefix(file.frames)))
  }

  @Test(
    "a wrong block alignment is a fault just where ffmpeg garbles the samples",
    .enabled(if: OtherDecoder.ffmpeg.path != nil), .startsProcesses,
    arguments: [0, 1, 3, 4, 6, 7, 8, 4096, 5000])
  func blockAlign(size: Int) async throws {
    let scratch = try Scratch()
    var file = try bytes(of: fixture("plain.wav"))
    file.replaceSubrange(32..<34, with: Self.little(size, 2))
    let path = scratch.path("x.wav")
    try Data(file).write(to: URL(fileURLWithPath: path))
    let samples = try OtherDecoder.ffmpeg.floats(of: path, output: scratch.path("x.raw"))
    let isSame =
      samples == (try OtherDecoder.ffmpeg.floats(of: fixture("plain.wav"), output: scratch.path("plain.raw")))
    #expect(await Self.look(path).verdict == (isSame ? .ready : .preparable))
  }

  @Test(
    "sizes that programs leave which cannot go back are no claim",
    arguments: [0, 0xFFFF_FFFF, 0xFFFF_FF00, 0xFFFF_FFDB, 0x7FFF_F000, 0x7FFF_FFFF, 0x7FFF_FFDB, 0x8000_0000])
  func neverFilledIn(size: Int) async throws {
    let scratch = try Scratch()
    let file = Self.riff(
      Self.chunk("fmt ", Self.format()), Self.chunk("data", try Self.samples(), size: size), size: size)
    let found = await Self.look(try scratch.file("x.wav", file))
    #expect(found.duration?.frames == 26000 && !found.integrity.damaged)
    #expect(found.reasons.contains { $0.code == .headerLies })
    // libsndfile reads none of the samples of a size of 0.
    #expect(found.verdict == (size == 0 ? .preparable : .ready))
  }

  @Test("a size that is not met is a lie where the file's own size is, and audio that is missing where it is not")
  func unmet() async throws {
    let scratch = try Scratch()
    let samples = try Self.samples()
    let data = Self.chunk("data", samples, size: 60000)
    let lie = await Self.look(try scratch.file("a.wav", Self.riff(Self.chunk("fmt ", Self.format()), data)))
    #expect(lie.verdict == .ready && lie.reasons.map(\.code) == [.headerLies])
    let cut = await Self.look(
      try scratch.file("b.wav", Self.riff(Self.chunk("fmt ", Self.format()), data, size: 60036)))
    #expect(cut.verdict == .rejected && cut.reasons.map(\.code) == [.truncated])
    #expect(
      cut.reasons.first?.finding
        == .wave(.truncated(declaredBytes: 60000, presentBytes: 52000, missingSeconds: 1)))
  }

  @Test("chunks are found in front of the samples however many there are, and with or without their padding")
  func chunks() async throws {
    let scratch = try Scratch()
    let format = Self.chunk("fmt ", Self.format())
    let data = Self.chunk("data", try Self.samples())
    let many = Array(repeatElement(Self.chunk("JUNK", []), count: 100_000).joined())
    let found = await Self.look(try scratch.file("a.wav", Self.riff(format, many, data)))
    #expect(found.duration?.frames == 26000 && found.verdict == .ready)
    let lists = found.integrity.problems.compactMap { finding -> FirstOf<SideBlock<String>>? in
      if case .wave(.sideChunks(let chunks)) = finding { chunks } else { nil }
    }
    let listed = try #require(lists.first)
    #expect(listed.count == 100_000 && listed.first.count == 10)
    #expect(listed.first.allSatisfy { $0.kind == "JUNK" && $0.bytes == 0 })
    for isPadded in [true, false] {
      let list = Self.chunk("LIST", Array("INFOx".utf8), isPadded: isPadded)
      let odd = Self.chunk("data", Array(try Self.samples().prefix(30001)), isPadded: isPadded)
      let path = try scratch.file("b.wav", Self.riff(Self.chunk("fmt ", Self.format(bits: 8)), odd, list))
      let behind = await Self.look(path)
      #expect(behind.duration?.frames == 30001 && behind.verdict == .ready)
      #expect(
        behind.integrity.problems.contains {
          guard case .wave(.sideChunks(let chunks)) = $0 else { return false }
          return chunks.count == 1 && chunks.first.map(\.kind) == ["LIST"] && chunks.first.map(\.bytes) == [5]
        })
    }
  }

  @Test(
    "samples of every width are those the bytes say",
    arguments: [(8, 1), (12, 2), (16, 2), (20, 3), (24, 3), (32, 4)])
  func widths(bits: Int, width: Int) throws {
    let scratch = try Scratch()
    let raw = Array(try Self.samples().prefix(8400))
    let path = try scratch.file(
      "x.wav", Self.riff(Self.chunk("fmt ", Self.format(bits: bits)), Self.chunk("data", raw)))
    let samples = try CodingTests.integers(of: path)
    #expect(samples.count == 8400 / width)
    for (index, sample) in samples.enumerated() {
      let value = (0..<width).reduce(UInt32(0)) { $0 | UInt32(raw[index * width + $1]) << (8 * (4 - width + $1)) }
      #expect(sample == Int32(bitPattern: width == 1 ? value ^ 0x8000_0000 : value))
      if sample != Int32(bitPattern: width == 1 ? value ^ 0x8000_0000 : value) { break }
    }
    let floats = try AudioBuffer(decoding: path).samples
    try #require(!samples.isEmpty && samples.count == floats.count)
    #expect(zip(samples, floats).allSatisfy { abs(Double($0) / 2_147_483_648 - Double($1)) < 1e-7 })
  }

  @Test("stretches of floats that are no numbers are named with their times")
  func invalidFloats() async throws {
    let found = await Self.look(fixture("nan-float.wav"))
    #expect(found.integrity.damage.map(\.start) == [2, 5])
    #expect(found.integrity.damage.map(\.end) == [2.00125, 5.00025])
    guard case .wave(.notNumbers(samples: 6, isDouble: false, first: 2, places: 2, _))? = found.reasons.first?.finding
    else {
      Issue.record("\(found.reasons)")
      return
    }
    #expect(found.integrity.damage.allSatisfy { $0.kind == .notNumbers })
  }

  @Test(
    "coded samples are named, with their length", arguments: [("mulaw.wav", "pcm_mulaw"), ("adpcm.wav", "adpcm_ms")])
  func coded(name: String, codec: String) async throws {
    let found = await Self.look(fixture(name))
    #expect(found.codec == codec && found.verdict == .preparable && found.reasons.map(\.code) == [.unsupportedFormat])
    // Blocks of ADPCM are whole: ffmpeg and sox decode 26,312 frames.
    #expect(found.duration?.frames == (codec == "pcm_mulaw" ? 26000 : 26468))
  }
}
