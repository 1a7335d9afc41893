import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Cutting mp3 by its frames")
struct MP3CutTests {
  /// Encoders' modes that matter to a cut, with their samples a channel.
  static let sources = [
    ("cbr.mp3", 277_830), ("vbr.mp3", 277_830), ("vbr-without-xing.mp3", 354_816), ("ape-tag.mp3", 279_936),
    ("crc-joint-stereo.mp3", 277_830), ("vbr-stereo-mpeg-2.mp3", 138_915), ("mpeg-2.mp3", 140_544),
    ("mpeg-2.5.mp3", 51840), ("recording.mp3", 1_146_600), ("id3-in-the-middle.mp3", 277_830),
    ("frames-in-tags.mp3", 277_830),
  ]

  /// Parts at the start, at the end, of one sample, of a frame, and at places drawn by a fixed rule.
  static func parts(of total: Int) -> [Range<Int>] {
    var state: UInt64 = 42
    func draw(_ most: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % most
    }
    let some = (0..<12).map { _ in
      let start = draw(total - 2)
      return start..<start + 1 + draw(min(total - start - 1, 60000))
    }
    return [0..<total, 0..<1, 0..<5000, 1..<1153, total - 1..<total, total - 7000..<total, 528..<9000, 4500..<20000]
      + some
  }

  /// Cuts a part and returns its path.
  static func cut(_ source: String, _ part: Range<Int>, in scratch: Scratch) throws -> String {
    let cut = try MP3Cut(try InputFile(path: source), samples: part)
    let all = try bytes(of: source)
    let path = try scratch.file("cut.mp3", cut.head + cut.ranges.flatMap { all[$0] })
    #expect(try bytes(of: path).count == cut.byteCount)
    try MP3CutProof.check(cut, of: source, at: path)
    return path
  }

  @Test("a part decodes to the very samples of its source and is exactly as long", .takesLong, arguments: sources)
  func exact(name: String, total: Int) async throws {
    let scratch = try Scratch()
    let whole = try AudioBuffer(decoding: fixture(name))
    #expect(whole.frames == total)
    for part in Self.parts(of: total) {
      let path = try Self.cut(fixture(name), part, in: scratch)
      let made = try AudioBuffer(decoding: path)
      let wanted = whole.samples[part.lowerBound * whole.channels..<part.upperBound * whole.channels]
      #expect(made.samples.count == wanted.count, "\(part)")
      // Half a bit of 22: where frames stand shifted in libmpg123's ring buffer its sums may round otherwise.
      let apart = zip(made.samples, wanted).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(apart <= 1.2e-7, "\(part)")
      let found = await inspect(path: path, limits: AudioLimits(minimumSeconds: 0))
      #expect(found.duration?.frames == part.count && !found.integrity.damaged, "\(part)")
      #expect(found.integrity.problems.isEmpty && found.duration?.declaredSeconds == found.duration?.seconds)
    }
  }

  @Test("the header's own checksum and that of the music are right", arguments: sources)
  func checksums(name: String, total: Int) throws {
    let scratch = try Scratch()
    let made = try bytes(of: Self.cut(fixture(name), total / 3..<total / 2, in: scratch))
    let names = ["Xing", "Info"].map { Array($0.utf8) }
    let tag = try #require((13..<40).first { names.contains(Array(made[$0..<$0 + 4])) })
    func big(_ position: Int, _ width: Int) -> Int { made[position..<position + width].reduce(0) { $0 << 8 | Int($1) } }
    // Bit by bit, unlike the code it checks.
    func crc(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.reduce(0) { crc, byte in
        (0..<8).reduce(crc ^ Int(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xA001 : value >> 1 }
      }
    }
    let lame = tag + 120
    #expect(big(tag + 12, 4) == made.count && big(lame + 28, 4) == made.count)
    #expect(big(lame + 34, 2) == crc(made[0..<lame + 34]))
    // The length of the first frame (ISO 11172-3 §2.4.3.1); none of these is padded.
    let isVersion1 = made[1] & 8 != 0
    let version1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    let version2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    let rate = [44100, 48000, 32000][Int(made[2] >> 2 & 3)] / (isVersion1 ? 1 : made[1] & 16 != 0 ? 2 : 4)
    let bitrate = (isVersion1 ? version1 : version2)[Int(made[2] >> 4)]
    #expect(big(lame + 32, 2) == crc(made[((isVersion1 ? 144_000 : 72000) * bitrate / rate)...]))
  }

  @Test("what cannot be cut by its frames says why")
  func refusals() throws {
    let scratch = try Scratch()
    func refusal(_ path: String, _ part: Range<Int>) throws -> MP3CutRefusal? {
      do {
        _ = try MP3Cut(try InputFile(path: path), samples: part)
        return nil
      } catch let refusal as MP3CutRefusal {
        return refusal
      }
    }
    #expect(try refusal(fixture("free-format.mp3"), 1000..<90000) == .freeFormat)
    let mixed = try scratch.file(
      "x.mp3", bytes(of: fixture("ape-tag.mp3")).prefix(25391) + bytes(of: fixture("mpeg-2.mp3")))
    #expect(try refusal(mixed, 1000..<90000) == .changingFormat)
    // Padding was taken out at the joint: a part across it is not one stretch of frames.
    #expect(try refusal(fixture("joined.mp3"), 270_000..<280_000) == .acrossJoint)
    #expect(try refusal(fixture("joined.mp3"), 290_000..<400_000) == nil)
    #expect(try refusal(fixture("cbr.mp3"), 277_000..<290_000) == .acrossJoint)
  }

  @Test("a proof fails where a byte of a frame, or the length, is another")
  func proof() throws {
    let scratch = try Scratch()
    let source = fixture("recording.mp3")
    let cut = try MP3Cut(try InputFile(path: source), samples: 100_000..<400_000)
    let all = try bytes(of: source)
    let right = cut.head + cut.ranges.flatMap { all[$0] }
    // A byte of the copied frames; the delay, which stands 141 bytes behind the name of the header.
    for position in [36 + 141, cut.head.count + 20, right.count / 2, right.count - 1] {
      var wrong = right
      wrong[position] ^= 0x11
      let path = try scratch.file("x.mp3", wrong)
      #expect(throws: MP3CutFailure.self, "\(position)") { try MP3CutProof.check(cut, of: source, at: path) }
    }
    #expect(throws: MP3CutFailure.self) {
      try MP3CutProof.check(cut, of: source, at: try scratch.file("x.mp3", right.dropLast(500)))
    }
  }
}
