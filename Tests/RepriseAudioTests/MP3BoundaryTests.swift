import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Silent frames of one kind, from which mp3s of any length are put together.
struct SilentMP3: Sendable, CustomTestStringConvertible {
  let rate: Int
  /// The frame's four bytes: mono, without CRC or padding.
  let word: [UInt8]
  let bytes: Int
  let samples: Int
  var testDescription: String { "\(rate) Hz" }

  /// MPEG-1, 2 and 2.5, each at bit rates whose frames have room for LAME's header.
  static let all = [
    SilentMP3(rate: 48000, word: [0xFF, 0xFB, 0x54, 0xC0], bytes: 192, samples: 1152),
    SilentMP3(rate: 44100, word: [0xFF, 0xFB, 0x50, 0xC0], bytes: 208, samples: 1152),
    SilentMP3(rate: 32000, word: [0xFF, 0xFB, 0x58, 0xC0], bytes: 288, samples: 1152),
    SilentMP3(rate: 24000, word: [0xFF, 0xF3, 0x84, 0xC0], bytes: 192, samples: 576),
    SilentMP3(rate: 16000, word: [0xFF, 0xF3, 0x88, 0xC0], bytes: 288, samples: 576),
    SilentMP3(rate: 12000, word: [0xFF, 0xE3, 0x54, 0xC0], bytes: 240, samples: 576),
    SilentMP3(rate: 8000, word: [0xFF, 0xE3, 0x38, 0xC0], bytes: 216, samples: 576),
  ]

  /// Returns a number of frames and nothing else.
  ///
  /// Without side information there is nothing to play.
  func frames(_ count: Int) -> [UInt8] {
    let one = word + [UInt8](repeating: 0, count: bytes - 4)
    return (0..<count).flatMap { _ in one }
  }

  /// Frames behind an Info header whose delay and padding leave exactly `length` samples.
  func tagged(_ length: Int) -> [UInt8] {
    let delay = 576
    // The decoder's own delay of 529 comes out in front, and the last 529 of the padding never do.
    let count = (length + delay + 529 + samples - 1) / samples
    let padding = count * samples - delay - length
    var head = frames(1)
    func put(_ value: Int, at position: Int, _ width: Int) {
      for index in 0..<width { head[position + index] = UInt8(value >> (8 * (width - 1 - index)) & 255) }
    }
    let tag = 4 + (samples == 1152 ? 17 : 9)
    head.replaceSubrange(tag..<tag + 4, with: Array("Info".utf8))
    put(15, at: tag + 4, 4)
    put(count, at: tag + 8, 4)
    put(bytes * (count + 1), at: tag + 12, 4)
    for entry in 0..<100 { head[tag + 16 + entry] = UInt8(entry * 256 / 100) }
    head.replaceSubrange(tag + 120..<tag + 129, with: Array("LAME3.100".utf8))
    put(delay << 12 | padding, at: tag + 141, 3)
    return head + frames(count)
  }

  /// An ID3v2.3 tag of so many bytes, all of it padding.
  static func tag(_ count: Int) -> [UInt8] {
    let inside = count - 10
    return Array("ID3".utf8) + [3, 0, 0] + [21, 14, 7, 0].map { UInt8(inside >> $0 & 127) }
  }
}

@Suite("Boundaries of mp3")
struct MP3BoundaryTests {
  typealias Code = Inspection.Reason.Code

  /// Returns the number of samples that libmpg123's own command plays; `nil` if it is not installed.
  static func played(_ path: String, in scratch: Scratch) throws -> Int? {
    guard OtherDecoder.mpg123.path != nil else { return nil }
    return try OtherDecoder.mpg123.floats(of: path, output: scratch.path("x.f32")).count
  }

  @Test(
    "at 6 s and at 360 s one sample decides, as LAME's header has them played", .startsProcesses,
    arguments: SilentMP3.all, [6, 360])
  func sample(kind: SilentMP3, seconds: Int) async throws {
    let scratch = try Scratch()
    for slack in [-1, 0, 1] {
      let length = kind.rate * seconds + slack
      let path = try scratch.file("x.mp3", kind.tagged(length))
      let found = await inspect(path: path, limits: AudioLimits())
      #expect(found.duration?.frames == length && found.sampleRate == kind.rate)
      #expect(found.duration?.declaredSeconds == found.duration?.seconds && found.integrity.problems.isEmpty)
      // Whoever plays delay and padding as well sees more than 6 s in what is too short, and than 360 s in what fits.
      let wanted: (Inspection.Verdict, [Code]) =
        switch (seconds, slack) {
        case (6, -1): (.rejected, [.tooShort, .boundaryRisk])
        case (6, _): (.ready, [])
        case (_, 1): (.preparable, [.tooLong])
        default: (.ready, [.boundaryRisk])
        }
      #expect(found.verdict == wanted.0 && found.reasons.map(\.code) == wanted.1, "\(seconds) s \(slack)")
      if let played = try Self.played(path, in: scratch) { #expect(played == length) }
    }
  }

  // At 44.1 kHz frames would have to be padded now and then to keep the bit rate.
  @Test(
    "at 6 s and at 360 s one frame decides without a header", .startsProcesses,
    arguments: SilentMP3.all.filter { $0.rate != 44100 }, [6, 360])
  func frame(kind: SilentMP3, seconds: Int) async throws {
    // Where that many seconds are no whole number of frames, none is on the limit.
    let whole = kind.rate * seconds % kind.samples == 0
    let under = kind.rate * seconds / kind.samples - (whole ? 1 : 0)
    let scratch = try Scratch()
    for count in under...(under + (whole ? 2 : 1)) {
      let path = try scratch.file("x.mp3", kind.frames(count))
      let found = await inspect(path: path, limits: AudioLimits())
      let length = count * kind.samples
      #expect(found.duration?.frames == length && found.duration?.declaredSeconds == nil)
      let isUnder = length < 6 * kind.rate
      let isOver = length > 360 * kind.rate
      #expect(found.verdict == (isUnder ? .rejected : isOver ? .preparable : .ready), "\(count)")
      // Its bit rate is constant: bytes tell what frames do.
      #expect(found.reasons.map(\.code) == (isUnder ? [.tooShort] : isOver ? [.tooLong] : []), "\(count)")
      if let played = try Self.played(path, in: scratch) { #expect(played == length) }
    }
  }

  @Test("a tag in front lifts a file without header over a limit for those who count its bytes")
  func tag() async throws {
    let scratch = try Scratch()
    let kind = SilentMP3.all[0]
    for (frames, verdict, codes) in [
      (249, Inspection.Verdict.rejected, [Code.tooShort, .boundaryRisk]), (250, .ready, []),
      (15000, .ready, [.boundaryRisk]), (15001, .preparable, [.tooLong]),
    ] {
      let tag = SilentMP3.tag(1000)
      let path = try scratch.file(
        "x.mp3", tag + [UInt8](repeating: 0, count: 1000 - tag.count) + kind.frames(frames))
      let found = await inspect(path: path, limits: AudioLimits())
      #expect(found.duration?.frames == frames * 1152)
      #expect(found.verdict == verdict && found.reasons.map(\.code) == codes, "\(frames)")
    }
  }

  @Test(
    "50,000,000 bytes of mp3 are taken and one more is too large", .takesLong, arguments: [-1, 0, 1], SilentMP3.all)
  func bytes(slack: Int, kind: SilentMP3) async throws {
    let scratch = try Scratch()
    let audio = kind.tagged(10 * kind.rate)
    let count = 50_000_000 + slack
    let path = scratch.path("x.mp3")
    // The tag's padding is a hole.
    try BoundaryTests.sparse(path, header: SilentMP3.tag(count - audio.count), byteCount: count - audio.count)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: audio)
    try file.close()
    let found = await inspect(path: path, limits: AudioLimits())
    #expect(found.bytes == count && found.audioBytes == audio.count && found.duration?.frames == 10 * kind.rate)
    #expect(found.verdict == (slack > 0 ? .preparable : .ready))
    #expect(found.reasons.map(\.code) == (slack > 0 ? [.tooLarge, .boundaryRisk] : []))
  }
}
