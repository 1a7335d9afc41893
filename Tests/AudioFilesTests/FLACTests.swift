import AudioFiles
import Foundation
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
      ("cut-between-frames.flac", 20480, "5.12 s of 6.5 s"),
      ("part-of-a-longer.flac", 13712, "begins at 3.072 s, and 3.428 s of 6.5 s"),
    ], [false, true])
  func short(file: (name: String, frames: Int, words: String), deep: Bool) async throws {
    let found = await Self.look(fixture(file.name), deep: deep)
    #expect(found.verdict == .rejected && found.integrity.damaged)
    #expect(found.duration?.frames == file.frames)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == .truncated && reason.message.contains(file.words), "\(reason.message)")
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
    #expect(found.verdict == .ready && found.reasons.isEmpty)
  }

  @Test("frames that are missing in the middle are found by their numbers, with no MD5 to tell")
  func hole() async throws {
    let found = await Self.look(fixture("hole-without-md5.flac"), deep: true)
    let reason = try #require(found.reasons.first)
    #expect(found.verdict == .rejected && reason.code == .corrupt)
    #expect(reason.message.contains("missing in 1 place, 0.512 s in all, the first from 2.56 s to 3.072 s"))
    #expect(found.duration?.frames == 26000 - 2048)
  }

  @Test("a header with another block size than the frames is damage, and the length is that of the frames")
  func blockSize() async throws {
    for deep in [false, true] {
      let found = await Self.look(fixture("other-block-size.flac"), deep: deep)
      #expect(found.verdict == .rejected && found.duration?.frames == 26000)
      let reason = try #require(found.reasons.first)
      #expect(reason.code == .corrupt && reason.message.contains("blocks of 65535 samples where its frames have 1024"))
    }
  }

  @Test(
    "a wrong MD5 is found whatever stands behind the last frame and whether or not the total is known",
    arguments: [("", false), ("", true), ("TAG", false), ("junkjunkjunk", false), ("junkjunkjunk", true)])
  func wrongMD5(behind: String, totalIsUnknown: Bool) async throws {
    let scratch = try Scratch()
    let patches = totalIsUnknown ? [Self.wrongMD5, Self.noTotal] : [Self.wrongMD5]
    let tail = Array(behind.utf8) + [UInt8](repeating: 0, count: behind.isEmpty ? 0 : 128 - behind.utf8.count)
    let path = try scratch.file("x.flac", Self.patched(patches) + tail)
    let found = await Self.look(path, deep: true)
    #expect(found.verdict == .rejected && found.duration?.frames == 26000)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == .corrupt && reason.message.contains("MD5"))
  }

  @Test(
    "what stands behind the last frame is told and does no harm",
    arguments: [("TAG", "128 bytes behind the last frame are a tag"), ("junk", "128 bytes behind the last frame")])
  func trailing(text: String, words: String) async throws {
    let scratch = try Scratch()
    let tail = Array(text.utf8) + [UInt8](repeating: 0, count: 128 - text.utf8.count)
    let plain = try bytes(of: fixture("plain.flac"))
    let found = await Self.look(try scratch.file("x.flac", plain + tail), deep: true)
    #expect(found.verdict == .ready && !found.integrity.damaged)
    #expect(found.duration?.frames == 26000)
    #expect(found.integrity.problems.contains { $0.hasPrefix(words) })
  }

  @Test("with neither total nor MD5, a tag at the end is a tag and a cut frame is a cut frame")
  func unknownEnd() async throws {
    let scratch = try Scratch()
    let bare = try Self.patched([Self.noTotal, Self.noMD5])
    let tagged = bare + Array("APETAGEX".utf8) + [UInt8](repeating: 0, count: 24)
    let whole = await Self.look(try scratch.file("tagged.flac", tagged), deep: true)
    #expect(whole.verdict == .ready && whole.duration?.frames == 26000)
    let cut = await Self.look(try scratch.file("cut.flac", Array(bare.dropLast(100))), deep: false)
    #expect(cut.reasons.map(\.code) == [.truncated])
    // The last of the 26 frames is gone.
    #expect(cut.duration?.frames == 25 * 1024)
  }

  @Test("a sample rate that no audio has is damage", arguments: [0, 1, 99, 768_001, 1_048_575])
  func rate(rate: Int) async throws {
    let scratch = try Scratch()
    let rest = try bytes(of: fixture("plain.flac"))[20] & 0x0F
    let path = try scratch.file(
      "x.flac", Self.patched([(18, [UInt8(rate >> 12), UInt8(rate >> 4 & 0xFF), UInt8(rate << 4 & 0xF0) | rest])]))
    let found = await Self.look(path, deep: false)
    #expect(found.verdict == .rejected)
    #expect(found.reasons.first?.code == .corrupt && found.reasons.first?.message.contains("\(rate) Hz") == true)
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
    #expect(found.integrity.problems.contains { $0.hasPrefix("160000 bytes behind the last frame") })
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
    let problem = try #require(found.integrity.problems.first { $0.hasPrefix("blocks beside the samples") })
    #expect(problem.contains("and 4992 more") && problem.utf8.count < 300, "\(problem)")
  }

  @Test("a stream that changes its channels on the way is damage, not noise")
  func channelChange() throws {
    let scratch = try Scratch()
    let path = try scratch.file("two.flac")
    try CodingTests.write(
      CodingTests.music(frames: 8000, channels: 2, rate: 4000), .flac(bitsPerSample: 16), rate: 4000, channels: 2,
      to: path)
    // STREAMINFO says one channel: 0x02 in the byte at 20 is the second.
    var data = try bytes(of: path)
    data[20] &= 0xF1
    let broken = try scratch.file("one.flac", data)
    #expect {
      _ = try AudioBuffer(decoding: broken)
    } throws: { ($0 as? AudioFileError)?.code == .corrupt && "\($0)".contains("from 1 to 2 channels at 0 s") }
  }

  @Test("decoding into memory stops at the length that was allowed", arguments: ["plain.flac", "plain.wav", "cbr.mp3"])
  func bounded(name: String) throws {
    #expect {
      _ = try AudioBuffer(decoding: fixture(name), maximumSeconds: 6)
    } throws: { ($0 as? AudioFileError)?.code == .unsupportedFormat && "\($0)".contains("is longer than 6 s") }
    let seconds = try AudioBuffer(decoding: fixture(name), maximumSeconds: 6.5).seconds
    #expect(seconds > 6 && seconds <= 6.5)
  }

  @Test("decoding into memory stops at a number of samples, of all channels, whatever time they take")
  func boundedSamples() throws {
    #expect(AudioBuffer.maximumSamples >= 360 * 48000 * 2)
    #expect {
      _ = try AudioBuffer(decoding: fixture("recording.mp3"), maximumSamples: 44100 * 2 * 25)
    } throws: { ($0 as? AudioFileError)?.code == .unsupportedFormat && "\($0)".contains("longer than 25 s") }
    let whole = try AudioBuffer(decoding: fixture("recording.mp3"), maximumSamples: 44100 * 2 * 26)
    #expect(whole.frames == 26 * 44100)
  }
}
