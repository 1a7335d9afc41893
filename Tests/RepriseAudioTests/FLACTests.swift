import RepriseAudio
import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("FLAC")
struct FLACTests {
  static func look(_ path: String, deep: Bool) async -> Inspection {
    await inspect(path: path, limits: AudioLimits(minimumSeconds: 1), deep: deep)
  }

  /// `plain.flac` with other bytes at some places of its STREAMINFO.
  static func patched(_ patches: [(offset: Int, bytes: [UInt8])]) throws -> [UInt8] {
    var data = try bytes(of: fixture("plain.flac"))
    for patch in patches { data.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes) }
    return data
  }

  static let wrongMD5 = (offset: 26, bytes: [UInt8](repeating: 1, count: 16))
  static let noMD5 = (offset: 26, bytes: [UInt8](repeating: 0, count: 16))
  // The low half of the byte at 21 and the next four are the total; the high half belongs to the width.
  static let noTotal = (offset: 21, bytes: [UInt8](arrayLiteral: 0xF0, 0, 0, 0, 0))

  @Test(
    "a stream that was cut between two frames, or begins in the middle, is not the recording its header names",
    arguments: [
      ("cut-between-frames.flac", 20480, FLACFinding.truncated(seconds: 5.12, of: 6.5)),
      ("part-of-a-longer.flac", 13712, .partOfLonger(start: 3.072, seconds: 3.428, of: 6.5)),
    ], [false, true])
  func short(file: (name: String, frames: Int, finding: FLACFinding), deep: Bool) async throws {
    let found = await Self.look(fixture(file.name), deep: deep)
    #expect(found.verdict == .rejected && found.integrity.damaged)
    #expect(found.duration?.frames == file.frames)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == .truncated && reason.finding == .flac(file.finding), "\(reason.finding)")
  }

  @Test("a cut between two frames is seen without an MD5 as well")
  func shortWithoutMD5() async throws {
    let scratch = try Scratch()
    let cut = try bytes(of: fixture("cut-between-frames.flac")).count
    let path = try scratch.file("x.flac", Array(Self.patched([Self.noMD5]).prefix(cut)))
    #expect(await Self.look(path, deep: false).reasons.map(\.code) == [.truncated])
  }

  @Test("a part of a longer stream whose header claims nothing is as long as what is there")
  func partOfUnknown() async throws {
    let scratch = try Scratch()
    var part = try bytes(of: fixture("part-of-a-longer.flac"))
    part.replaceSubrange(21..<42, with: [0xF0] + [UInt8](repeating: 0, count: 20))
    let found = await Self.look(try scratch.file("x.flac", part), deep: false)
    #expect(found.duration?.frames == 13712)
    // No total, and block sizes of frames that are not the first.
    #expect(found.verdict == .preparable && found.reasons.allSatisfy { $0.code == .notPortable })
  }

  @Test("frames that are missing in the middle are found by their numbers, with no MD5 to tell")
  func hole() async throws {
    let found = await Self.look(fixture("hole-without-md5.flac"), deep: true)
    let reason = try #require(found.reasons.first)
    #expect(found.verdict == .rejected && reason.code == .corrupt)
    let span = DamageSpan(start: 2.56, end: 3.072, kind: .missingFrames(nil))
    #expect(reason.finding == .flac(.damage(first: span, places: 1, lostSeconds: 0.512)))
    #expect(found.integrity.damage == [span])
    #expect(found.duration?.frames == 26000 - 2048)
  }

  @Test("a header with another block size than the frames is mended, and the length is that of the frames")
  func blockSize() async throws {
    for deep in [false, true] {
      let found = await Self.look(fixture("other-block-size.flac"), deep: deep)
      #expect(found.verdict == .preparable && found.duration?.frames == 26000)
      let cause = FLACPortability.blockSize(claimed: 65535...65535, found: 1024)
      #expect(found.reasons.map(\.code) == [.notPortable])
      #expect(found.notes.mending?.repairs == [.flac(.blockSize(1024))])
      guard case .notPortable(let portability)? = found.reasons.first?.finding else { continue }
      #expect(portability.cause == .flac(cause))
    }
  }

  @Test(
    "a wrong MD5 is found whatever stands after the last frame and whether or not the total is known",
    arguments: [("", false), ("", true), ("TAG", false), ("junkjunkjunk", false), ("junkjunkjunk", true)])
  func wrongMD5(behind: String, totalIsUnknown: Bool) async throws {
    let scratch = try Scratch()
    let patches = totalIsUnknown ? [Self.wrongMD5, Self.noTotal] : [Self.wrongMD5]
    let tail = Array(behind.utf8) + [UInt8](repeating: 0, count: behind.isEmpty ? 0 : 128 - behind.utf8.count)
    let path = try scratch.file("x.flac", Self.patched(patches) + tail)
    let found = await Self.look(path, deep: true)
    #expect(found.verdict == .rejected && found.duration?.frames == 26000)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == .corrupt && reason.finding == .flac(.md5Differs))
  }

  @Test(
    "what follows the last frame is reported, and dropped for libFLAC's sake",
    arguments: [("TAG", FLACFinding.Rest.tag), ("junk", .unknown)])
  func trailing(text: String, kind: FLACFinding.Rest) async throws {
    let scratch = try Scratch()
    let tail = Array(text.utf8) + [UInt8](repeating: 0, count: 128 - text.utf8.count)
    let plain = try bytes(of: fixture("plain.flac"))
    let found = await Self.look(try scratch.file("x.flac", plain + tail), deep: true)
    #expect(found.verdict == .preparable && !found.integrity.damaged)
    #expect(found.duration?.frames == 26000 && found.reasons.map(\.code) == [.notPortable])
    #expect(found.notes.mending?.repairs == [.flac(.droppedBehind(bytes: 128))])
    #expect(found.integrity.problems.contains(.flac(.rest(bytes: 128, kind))))
  }

  @Test("with neither total nor MD5, a tag at the end is a tag and a cut frame is a cut frame")
  func unknownEnd() async throws {
    let scratch = try Scratch()
    let bare = try Self.patched([Self.noTotal, Self.noMD5])
    let tagged = bare + Array("APETAGEX".utf8) + [UInt8](repeating: 0, count: 24)
    let whole = await Self.look(try scratch.file("tagged.flac", tagged), deep: true)
    #expect(whole.verdict == .preparable && whole.duration?.frames == 26000)
    let cut = await Self.look(try scratch.file("cut.flac", Array(bare.dropLast(100))), deep: false)
    #expect(cut.reasons.first?.code == .truncated)
    // The last of the 26 frames is gone.
    #expect(cut.duration?.frames == 25 * 1024)
  }

  @Test(
    "a sample rate that no audio has, or not these frames, is mended to that of the frames",
    arguments: [0, 1, 99, 44100, 1_048_575], [false, true])
  func rate(rate: Int, deep: Bool) async throws {
    let scratch = try Scratch()
    let rest = try bytes(of: fixture("plain.flac"))[20] & 0x0F
    let path = try scratch.file(
      "x.flac", Self.patched([(18, [UInt8(rate >> 12), UInt8(rate >> 4 & 0xFF), UInt8(rate << 4 & 0xF0) | rest])]))
    let found = await Self.look(path, deep: deep)
    try await Self.check(found, .property(.sampleRate, claimed: rate, found: 4000), in: scratch)
  }

  /// Checks that a flac whose header contradicts its frames is mended to what the frames state.
  private static func check(_ found: Inspection, _ cause: FLACPortability, in scratch: Scratch) async throws {
    #expect(found.verdict == .preparable && found.duration?.frames == 26000, "\(found.reasons)")
    #expect(found.sampleRate == 4000 && found.channels == 1 && found.integrity.md5 == .matches)
    let causes = found.reasons.compactMap { reason -> Portability.Cause? in
      if case .notPortable(let portability) = reason.finding { portability.cause } else { nil }
    }
    #expect(causes.contains(.flac(cause)), "\(causes)")
    let mending = try #require(found.notes.mending)
    let bytes = try WaveMendingTests.bytes(of: mending.result, source: found.path)
    let made = await look(try scratch.file("made.flac", bytes), deep: true)
    #expect(made.verdict == .ready && made.integrity.md5 == .matches, "\(made.reasons)")
    #expect(bytes == (try TestSupport.bytes(of: fixture("plain.flac"))))
  }

  @Test("frames that contradict each other are damage, whatever the header claims", arguments: [false, true])
  func contradictions(deep: Bool) async throws {
    let scratch = try Scratch()
    let old = try bytes(of: fixture("plain.flac"))[20]
    var file = try Self.patched([(20, [old ^ 2])])
    // The second half of the frames is gone, or another stream's.
    let half = file.count / 2
    file = Array(file[..<half]) + (try bytes(of: fixture("8-bit-odd-length.wav"))).prefix(500) + file[half...]
    let found = await Self.look(try scratch.file("x.flac", file), deep: deep)
    #expect(found.verdict == .rejected && found.integrity.damaged, "\(found.reasons)")
  }

  @Test(
    "channels or a width that the frames do not have are mended to those of the frames",
    arguments: [(20, UInt8(0x02)), (20, 0x01), (21, 0x80)])
  func form(position: Int, flip: UInt8) async throws {
    let scratch = try Scratch()
    let old = try bytes(of: fixture("plain.flac"))[position]
    let path = try scratch.file("x.flac", Self.patched([(position, [old ^ flip])]))
    let found = await Self.look(path, deep: false)
    let isWidth = position == 21 || flip == 1
    let claimed = isWidth ? (position == 21 ? 8 : 32) : 2
    try await Self.check(
      found, .property(isWidth ? .width : .channels, claimed: claimed, found: isWidth ? 16 : 1), in: scratch)
  }

  @Test("a bit that is flipped in a frame is found without decoding everything else", arguments: [3, 9, 20])
  func flipped(part: Int) async throws {
    let scratch = try Scratch()
    var file = try bytes(of: fixture("plain.flac"))
    file[8500 + (file.count - 8500) / 24 * part] ^= 0x10
    let found = await Self.look(try scratch.file("x.flac", file), deep: false)
    #expect(found.verdict == .rejected && found.integrity.damaged, "\(found.reasons)")
  }

  /// A tag's bytes, and what it is called; a test's log shows the name alone.
  struct Tag: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let kinds: [NonAudio]
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ kinds: [NonAudio]) {
      (self.name, self.bytes, self.kinds) = (name, bytes, kinds)
    }
  }

  static let tags: [Tag] = {
    let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    let item: [UInt8] = [4, 0, 0, 0, 0, 0, 0, 0] + Array("Title\0tune".utf8)
    func ape(_ flags: UInt8) -> [UInt8] {
      Array("APETAGEX".utf8) + [0xD0, 7, 0, 0, UInt8(item.count + 32), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, flags]
        + [UInt8](repeating: 0, count: 8)
    }
    let apeTag = ape(0xA0) + item + ape(0x80)
    let lyrics = Array("LYRICSBEGININD0000211000021LYRICS200".utf8)
    let body = [UInt8](repeating: 0, count: 100)
    let id3v2 = Array("ID3".utf8) + [4, 0, 0x10, 0, 0, 0, 100] + body + Array("3DI".utf8) + [4, 0, 0x10, 0, 0, 0, 100]
    return [
      Tag("id3v1", id3v1, [.id3v1]), Tag("ape", apeTag, [.ape]), Tag("both", apeTag + id3v1, [.ape, .id3v1]),
      Tag("lyrics", lyrics + id3v1, [.lyrics3, .id3v1]), Tag("id3v2", id3v2, [.id3v2]),
      Tag("zeros", [UInt8](repeating: 0, count: 100_000), [.zeros]), Tag("zero", [0], [.zeros]),
      Tag("two", [0, 0], [.zeros]),
      Tag("padded", [UInt8](repeating: 0, count: 700) + id3v1, [.zeros, .id3v1]),
    ]
  }()

  @Test("the last frame is found without decoding, whatever tags stand behind it", arguments: tags, [false, true])
  func tagsBehind(tag: Tag, totalIsUnknown: Bool) async throws {
    let scratch = try Scratch()
    let plain = try Self.patched(totalIsUnknown ? [Self.noTotal, Self.noMD5] : [])
    let found = await Self.look(try scratch.file("x.flac", plain + tag.bytes), deep: false)
    #expect(found.verdict == .preparable && found.duration?.frames == 26000)
    #expect(found.reasons.allSatisfy { $0.code == .notPortable })
    #expect(found.notes.mending?.repairs.contains(.flac(.droppedBehind(bytes: tag.bytes.count))) == true)
    #expect(found.duration?.basis == .counted && found.integrity.checked == .structure)
    #expect(await found.audioBytes == Self.look(fixture("plain.flac"), deep: false).audioBytes)
    #expect(
      found.integrity.problems.contains(.flac(.trailer(bytes: tag.bytes.count, tag.kinds))),
      "\(found.integrity.problems)")
  }

  @Test("missing frames and second files are found without decoding all, also where the header says nothing")
  func followed() async throws {
    let scratch = try Scratch()
    let bare = try Self.patched([Self.noTotal, Self.noMD5])
    let joined = await Self.look(try scratch.file("joined.flac", bare + bare), deep: false)
    #expect(joined.duration?.frames == 52000 && joined.verdict == .preparable)
    #expect(joined.integrity.damage.first == DamageSpan(start: 6.5, end: 13, kind: .anotherFile))
    let holed = await Self.look(fixture("hole-without-md5.flac"), deep: false)
    #expect(holed.duration?.frames == 23952 && holed.verdict == .rejected)
  }

  @Test(
    "what became of the MD5 is reported",
    arguments: [
      ("plain.flac", Inspection.Integrity.MD5.matches),
      ("md5-unset.flac", .unset), ("wrong-md5.flac", .differs),
    ])
  func md5(name: String, outcome: Inspection.Integrity.MD5) async throws {
    #expect(await Self.look(fixture(name), deep: true).integrity.md5 == outcome)
    #expect(await Self.look(fixture(name), deep: false).integrity.md5 == nil)
  }

  @Test("a frame whose checksum is wrong keeps its place in time and is named with it")
  func span() async throws {
    let found = await Self.look(fixture("flipped-byte.flac"), deep: true)
    #expect(found.duration?.frames == 26000)
    #expect(found.integrity.damage == [DamageSpan(start: 3.072, end: 3.328, kind: .checksum)])
  }

  @Test("without STREAMINFO the frames tell what it is")
  func noStreamInfo() async throws {
    let found = await Self.look(fixture("no-streaminfo.flac"), deep: false)
    #expect(found.verdict == .preparable && found.sampleRate == 4000 && found.channels == 1)
    #expect(found.duration?.frames == 26000)
    guard case .notPortable(let portability)? = found.reasons.first?.finding else {
      Issue.record("\(found.reasons)")
      return
    }
    #expect(portability.cause == .flac(.noStreamInfo))
  }

  @Test("frames of different sizes are counted by their sample numbers")
  func variable() async throws {
    let found = await Self.look(fixture("variable-block-size.flac"), deep: false)
    #expect(found.verdict == .ready && found.duration?.frames == 26000 && found.duration?.basis == .counted)
    #expect(await Self.look(fixture("variable-block-size.flac"), deep: true).integrity.md5 == .matches)
  }

  @Test(
    "samples of any width are those that ffmpeg and flac decode",
    arguments: [
      ("12-bit.flac", 26000, 6_026_869_866_496, -42_454_745_088),
      ("20-bit.flac", 26000, 6_026_886_131_712, -42_296_377_344),
      ("32-bit.flac", 8000, 1_854_804_639_314, -29_748_454_885),
    ])
  func widths(name: String, frames: Int, magnitudes: Int, weighted: Int) throws {
    let samples = try CodingTests.integers(of: fixture(name))
    #expect(samples.count == frames)
    #expect(samples.reduce(0) { $0 + abs(Int($1)) } == magnitudes)
    #expect(samples.enumerated().reduce(0) { $0 + Int($1.element) * ($1.offset % 7) } == weighted)
    let floats = try AudioBuffer(decoding: fixture(name)).samples
    try #require(!samples.isEmpty && samples.count == floats.count)
    #expect(zip(samples, floats).allSatisfy { abs(Double($0) / 2_147_483_648 - Double($1)) < 1e-7 })
  }

  @Test("what looks like thousands of last frames is not taken for one")
  func manyHeaders() async throws {
    let scratch = try Scratch()
    let plain = try bytes(of: fixture("plain.flac"))
    // A frame header as the first frame has it, with its checksum: number 0, 1024 samples.
    let start = try #require(plain.indices.dropLast().first { $0 >= 42 && plain[$0] == 0xFF && plain[$0 + 1] == 0xF8 })
    let header = Array(plain[start..<start + 8])
    let path = try scratch.file("x.flac", plain + Array(repeatElement(header, count: 20000).joined()))
    let found = await Self.look(path, deep: false)
    #expect(found.duration?.frames == 26000)
    #expect(
      found.integrity.problems.contains { if case .flac(.rest(bytes: 160_000, _)) = $0 { true } else { false } })
  }

  @Test("the record stays small however many blocks the metadata have")
  func manyBlocks() async throws {
    let scratch = try Scratch()
    let plain = try bytes(of: fixture("plain.flac"))
    let blocks = Array(repeatElement([1, 0, 0, 0] as [UInt8], count: 5000).joined())
    // The block behind STREAMINFO in the fixture is the last, and stays it.
    let found = await Self.look(
      try scratch.file("x.flac", Array(plain[..<42]) + blocks + Array(plain[42...])), deep: false)
    #expect(found.verdict == .ready && found.duration?.frames == 26000)
    let lists = found.integrity.problems.compactMap { finding -> FirstOf<SideBlock<FLACFinding.BlockKind>>? in
      if case .flac(.sideBlocks(let blocks)) = finding { blocks } else { nil }
    }
    let list = try #require(lists.first)
    #expect(list.count == 5002 && list.first.count == 10)
  }

  @Test("a stream that changes its channels on the way is damage, not noise")
  func channelChange() throws {
    let scratch = try Scratch()
    let path = try scratch.file("two.flac")
    try CodingTests.write(
      CodingTests.music(frames: 8000, channels: 2, rate: 4000), .flac(bitsPerSample: 16), rate: 4000, channels: 2,
      to: path)
    // The frames of a stream of one channel follow.
    let broken = try scratch.file("both.flac", try bytes(of: path) + (try FLACMendingTests.parts().frames))
    #expect {
      _ = try AudioBuffer(decoding: broken)
    } throws: {
      if case .channelChange(from: 2, to: 1, _)? = ($0 as? AudioFileError)?.problem { true } else { false }
    }
  }

  @Test("decoding into memory stops at the length that was allowed", arguments: ["plain.flac", "plain.wav", "cbr.mp3"])
  func bounded(name: String) throws {
    #expect {
      _ = try AudioBuffer(decoding: fixture(name), maximumSeconds: 6)
    } throws: {
      guard case .tooLongForMemory(let seconds, _, _)? = ($0 as? AudioFileError)?.problem else { return false }
      return seconds == 6
    }
    let seconds = try AudioBuffer(decoding: fixture(name), maximumSeconds: 6.5).seconds
    #expect(seconds > 6 && seconds <= 6.5)
  }

  @Test("decoding into memory stops at a number of samples, of all channels, whatever time they take")
  func boundedSamples() throws {
    #expect(AudioBuffer.maximumSamples >= 360 * 48000 * 2)
    #expect {
      _ = try AudioBuffer(decoding: fixture("recording.mp3"), maximumSamples: 44100 * 2 * 25)
    } throws: {
      ($0 as? AudioFileError)?.problem == .tooLongForMemory(seconds: 25, channels: 2, sampleRate: 44100)
    }
    let whole = try AudioBuffer(decoding: fixture("recording.mp3"), maximumSamples: 44100 * 2 * 26)
    #expect(whole.frames == 26 * 44100)
  }
}
