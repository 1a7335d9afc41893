import RepriseAudio
import TestSupport
import Testing

@Suite("Damage inside mp3 frames")
struct DeepMP3Tests {
  /// A fixture with some of its bytes changed, inspected deeply.
  static func inspected(_ name: String, _ change: (inout [UInt8]) -> Void) async throws -> Inspection {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    var data = try bytes(of: fixture(name))
    change(&data)
    return await inspect(path: try scratch.file("x.mp3", data), limits: AudioLimits(), deep: true)
  }

  /// Returns the offset of frame `number` of a fixture; number 0 is the header's own.
  ///
  /// The frames' lengths follow from the bit rate.
  static func frame(_ number: Int, of name: String) throws -> Int {
    let data = try bytes(of: fixture(name))
    var position = 0
    if data.starts(with: Array("ID3".utf8)) {
      position = 10 + (6..<10).reduce(0) { $0 << 7 | Int(data[$1]) }
    }
    let rates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    for _ in 0..<number {
      position += 144_000 * rates[Int(data[position + 2] >> 4)] / 44100 + Int(data[position + 2] >> 1 & 1)
    }
    return position
  }

  /// Seconds at which a frame of an encoder with LAME's delay is heard.
  static func time(_ frame: Int) -> Double { Double((frame - 1) * 1152 - 576 - 529) / 44100 }

  @Test(
    "an mp3 that is whole is not accused, and its frames are those that were encoded",
    arguments: [
      ("cbr.mp3", true), ("vbr.mp3", true), ("crc.mp3", true), ("mpeg-2.mp3", nil), ("recording.mp3", true),
      ("free-format.mp3", nil), ("vbr-without-xing.mp3", nil), ("joined.mp3", true), ("ape-tag.mp3", nil),
      ("id3-in-the-middle.mp3", true), ("filled-granules.mp3", nil),
    ] as [(String, Bool?)])
  func whole(name: String, matches: Bool?) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(), deep: true)
    #expect(!found.integrity.damaged && found.integrity.damage.isEmpty)
    #expect(found.integrity.checked == .full)
    #expect(found.integrity.musicCRC == (matches == true ? .matches : nil))
  }

  @Test("a flipped bit of side information is found by the frame's checksum, at the frame's time")
  func checksum() async throws {
    let position = try Self.frame(100, of: "crc.mp3")
    // 4 bytes of header and 2 of CRC; the 20th bit is in the first granule's length.
    let found = try await Self.inspected("crc.mp3") { $0[position + 8] ^= 0x10 }
    #expect(found.verdict == .rejected && found.integrity.damaged)
    let span = try #require(found.integrity.damage.first)
    #expect(found.integrity.damage.count == 1)
    #expect(span.kind == .checksum)
    #expect(abs(span.start - Self.time(100)) < 0.001 && abs(span.end - span.start - 1728.0 / 44100) < 0.001)
    #expect(found.reasons.contains { $0.code == .corrupt && $0.finding == .mp3(.damagedFrames(1, first: span)) })
    #expect(found.integrity.musicCRC == .differs)
  }

  @Test("an encoder that computes no checksum at all is not accused of damage")
  func uncomputed() async throws {
    let places = try (1...242).map { try Self.frame($0, of: "crc.mp3") }
    let found = try await Self.inspected("crc.mp3") { data in
      for position in places { (data[position + 4], data[position + 5]) = (0, 0) }
    }
    #expect(found.verdict == .ready && found.integrity.damage.isEmpty)
    #expect(
      found.integrity.problems.contains { if case .mp3(.uncomputedChecksums) = $0 { true } else { false } })
  }

  @Test(
    "side information that no encoder writes is damage",
    arguments: [
      // Behind 9 bits of back pointer, 5 private ones and 4 of shared scale factors: 12 bits of length, 9 of pairs.
      (30, 9, 511, DamageSpan.Kind.sideInformation), (18, 12, 4095, .codes),
    ])
  func sideInformation(bit: Int, width: Int, value: Int, kind: DamageSpan.Kind) async throws {
    let position = try Self.frame(50, of: "cbr.mp3") + 4
    let found = try await Self.inspected("cbr.mp3") { data in
      for index in 0..<width {
        let (byte, mask) = (position + (bit + index) / 8, UInt8(0x80) >> UInt8((bit + index) % 8))
        data[byte] = value >> (width - 1 - index) & 1 == 1 ? data[byte] | mask : data[byte] & ~mask
      }
    }
    let span = try #require(found.integrity.damage.first)
    #expect(span.kind == kind)
    #expect(abs(span.start - Self.time(50)) < 0.001)
  }

  @Test("overwritten samples are found by their codes, which then fit no more", arguments: [400, 600, 800])
  func codes(number: Int) async throws {
    let position = try Self.frame(number, of: "recording.mp3")
    let found = try await Self.inspected("recording.mp3") { data in
      for offset in 60..<260 { data[position + offset] = 0 }
    }
    let span = try #require(found.integrity.damage.first)
    // What stands in a frame may belong to the next one: the reservoir reaches back.
    #expect(span.start >= Self.time(number) - 0.001 && span.start <= Self.time(number + 2) + 0.001)
    try #require(!found.integrity.damage.isEmpty)
    #expect(found.integrity.damage.allSatisfy { $0.end <= Self.time(number + 5) })
    #expect(span.kind == .codes)
  }

  @Test("frames that are missing show where the next one wants their data")
  func lost() async throws {
    let (start, end) = (try Self.frame(300, of: "recording.mp3"), try Self.frame(310, of: "recording.mp3"))
    let found = try await Self.inspected("recording.mp3") { $0.removeSubrange(start..<end) }
    let span = try #require(found.integrity.damage.first)
    #expect(abs(span.start - Self.time(300)) < 0.03)
    #expect(found.integrity.musicCRC == .differs)
  }

  @Test("a changed sign bit is no damage that frames show, but LAME's checksum of all frames tells")
  func changed() async throws {
    // The very last bits of a frame without a reservoir in use are filling: nothing reads them.
    let position = try Self.frame(240, of: "crc.mp3") - 1
    let found = try await Self.inspected("crc.mp3") { $0[position] ^= 1 }
    #expect(found.integrity.musicCRC == .differs)
    if !found.integrity.damaged {
      #expect(found.integrity.problems.contains(.mp3(.framesChanged)))
    }
  }

  @Test("a stream that was cut out of a longer one is said to be, and is not damaged")
  func cut() async throws {
    let start = try Self.frame(500, of: "recording.mp3")
    let found = try await Self.inspected("recording.mp3") { $0.removeSubrange(0..<start) }
    #expect(!found.integrity.damaged && found.verdict == .ready)
    #expect(
      found.integrity.problems.contains { if case .mp3(.cutFromLonger) = $0 { true } else { false } })
  }

  @Test(
    "frames at the start that want bytes of a longer stream are no damage, however many they are",
    arguments: [("cut-at-frames.mp3", 6, 326), ("cut-at-frames-mpeg-2.mp3", 7, 233)])
  func cutAtFrames(name: String, frames: Int, bytes: Int) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(), deep: true)
    #expect(found.verdict == .ready && found.integrity.damage.isEmpty)
    #expect(found.integrity.problems.contains(.mp3(.cutFromLonger(frames: frames, bytes: bytes))))
  }

  @Test("who is said to have encoded a stream does not change what is said of its frames")
  func names() async throws {
    let limits = AudioLimits()
    let scratch = try Scratch()
    let whole = try bytes(of: fixture("filled-granules.mp3"))
    let cut = try MP3Cut(try InputFile(path: fixture("filled-granules.mp3")), samples: 5000..<350_000)
    let tagged = try scratch.file("tagged.mp3", cut.head + cut.ranges.flatMap { whole[$0] })
    let named = try scratch.file("named.mp3", whole + Array("LAME3.100".utf8))
    for path in [tagged, named] {
      let found = await inspect(path: path, limits: limits, deep: true)
      #expect(found.verdict == .ready && found.integrity.damage.isEmpty)
    }
  }

  @Test("garbage of any kind between frames never crashes the look into them", .takesLong, arguments: 0..<24)
  func garbage(seed: Int) async throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next() -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(truncatingIfNeeded: state >> 1)
    }
    let found = try await Self.inspected(seed % 2 == 0 ? "recording.mp3" : "mpeg-2.mp3") { data in
      for _ in 0..<50 {
        let position = next() % data.count
        data[position] = UInt8(next() & 255)
        data[(position + 1) % data.count] = UInt8(next() & 255)
      }
    }
    for span in found.integrity.damage { #expect(span.start >= 0 && span.end >= span.start) }
    #expect(found.integrity.musicCRC != .matches)
  }
}
