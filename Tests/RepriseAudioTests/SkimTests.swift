import Foundation
import RepriseAudio
import RepriseSystem
import TestSupport
import Testing

@Suite("Skimming")
struct SkimTests {
  static let limits = AudioLimits(minimumSeconds: 0.01, maximumSeconds: 36_000, maximumBytes: 1 << 40)

  static let fixtures: [String] = {
    let directory = (fixture("x") as NSString).deletingLastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { !$0.hasPrefix(".") && $0.contains(".") }.sorted()
  }()

  static func skimmed(_ path: String) -> Inspection { skimBlocking(path: path, limits: limits) }

  static func codes(_ found: Inspection) -> [Inspection.Reason.Code] { found.reasons.map(\.code) }

  @Test(
    "a skim of any file is told from a walk, reads little, and claims no damage that a walk does not see",
    arguments: fixtures)
  func any(name: String) throws {
    let path = fixture(name)
    let found = Self.skimmed(path)
    let walked = inspectBlocking(path: path, limits: Self.limits, deep: false)
    let skim = try #require(found.integrity.skim)
    #expect(found.integrity.checked == .skim && walked.integrity.skim == nil && walked.integrity.checked != .skim)
    #expect(skim.bytesRead <= 160_000 && skim.bytesRead > 0 || found.bytes == 0)
    #expect(found.duration.map { $0.basis == .declared && $0.countedSeconds == nil } ?? true)
    #expect(found.format == walked.format)
    #expect(found.codec == walked.codec || found.format == .other)
    if found.integrity.damaged { #expect(walked.integrity.damaged, "\(found.reasons)") }
    if found.verdict == .rejected { #expect(walked.verdict == .rejected, "\(found.reasons)") }
    // Where nothing speaks against the file, the length is that of the walk.
    if found.verdict == .ready, walked.verdict == .ready, let seconds = found.duration?.seconds {
      let true_ = try #require(walked.duration?.seconds)
      #expect(abs(seconds - true_) < 0.06, "\(seconds) \(true_)")
    }
  }

  // MARK: mp3

  /// Whole frames of silence at a constant bit rate, in kbit/s, as encoders write them: no padding at 48 kHz.
  static func frames(_ count: Int, bitrateIndex: UInt8 = 9, isMono: Bool = false, rateIndex: UInt8 = 1) -> [UInt8] {
    let kilobits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320][Int(bitrateIndex)]
    let rate = [44100, 48000, 32000][Int(rateIndex)]
    let head: [UInt8] = [0xFF, 0xFB, bitrateIndex << 4 | rateIndex << 2, isMono ? 0xC4 : 0x44]
    let frame = head + [UInt8](repeating: 0, count: 144_000 * kilobits / rate - 4)
    return Array(repeatElement(frame, count: count).joined())
  }

  /// A frame with a Xing or Info header.
  static func header(_ kind: String, frames: Int, bytes: Int) -> [UInt8] {
    var frame = Self.frames(1)
    func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    frame.replaceSubrange(36..<52, with: Array(kind.utf8) + big(3) + big(frames) + big(bytes))
    return frame
  }

  static func mp3(_ bytes: [UInt8]) throws -> Inspection {
    let scratch = try Scratch()
    return skimmed(try scratch.file("x.mp3", bytes))
  }

  @Test("the length of a constant bit rate is that of its bytes, whatever tags surround them", arguments: [600, 5000])
  func constant(count: Int) throws {
    let picture: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0, 0x10, 0, 0] + [UInt8](repeating: 7, count: 0x40000)
    let old = Array("TAG".utf8) + [UInt8](repeating: 32, count: 125)
    for (front, back) in [([], []), (picture, old), (picture, [])] as [([UInt8], [UInt8])] {
      let found = try Self.mp3(front + Self.frames(count) + back)
      #expect(found.verdict == .ready && found.reasons.isEmpty, "\(found.reasons)")
      #expect(found.duration?.frames == count * 1152 && found.duration?.declaredSeconds == nil)
      #expect(found.audioBytes == count * 384)
      #expect(found.integrity.skim?.isEstimate == false)
    }
  }

  @Test("a header is believed as far as the bytes agree", arguments: ["Info", "Xing"])
  func claims(kind: String) throws {
    let audio = Self.frames(3000)
    func look(_ frames: Int, _ bytes: Int) throws -> Inspection {
      try Self.mp3(Self.header(kind, frames: frames, bytes: bytes) + audio)
    }
    let right = try look(3000, audio.count + 384)
    // 529 samples of delay, as of every header.
    #expect(right.verdict == .ready && right.duration?.frames == 3000 * 1152 - 529, "\(right.reasons)")
    for factor in [2, 45] {
      let wrong = try look(3000 * factor, (audio.count + 384) * factor)
      #expect(wrong.verdict == .preparable && Self.codes(wrong).contains(.headerLies), "\(wrong.reasons)")
      #expect(abs((wrong.duration?.seconds ?? 0) - 72) < 0.1)
      #expect(!wrong.integrity.damaged)
    }
  }

  @Test("a variable bit rate without a header is estimated, and that is said")
  func variable() throws {
    let bytes = (0..<40).flatMap { Self.frames(100, bitrateIndex: $0 % 2 == 0 ? 5 : 14) }
    let found = try Self.mp3(bytes)
    #expect(found.integrity.skim?.isEstimate == true)
    #expect(found.verdict == .preparable)
    #expect(found.reasons.contains { $0.finding == .skimmedEstimate(least: 64, most: 320) }, "\(found.reasons)")
  }

  @Test("what the probes meet speaks against a file, and is not called damage", arguments: [0, 1, 2, 3])
  func doubts(kind: Int) throws {
    let one = Self.frames(2000)
    let hole = [UInt8](repeating: 0, count: 1 << 16)
    let (bytes, code): ([UInt8], Inspection.Reason.Code) =
      switch kind {
      case 0: (one + hole + one, .corrupt)
      case 1: (one + Self.frames(2000, isMono: true), .notPortable)
      case 2: (Self.frames(2000, rateIndex: 0) + one, .notPortable)
      // The last frame is cut off.
      default: (one.dropLast(100), .truncated)
      }
    let found = try Self.mp3(Array(bytes))
    #expect(found.verdict == .preparable && Self.codes(found).contains(code), "\(found.reasons)")
    #expect(!found.integrity.damaged && found.integrity.damage.isEmpty)
  }

  @Test("free format is told, with and without padding", arguments: [900, 1300, 4000])
  func freeFormat(length: Int) throws {
    let frame: [UInt8] = [0xFF, 0xFB, 0x04, 0x44] + [UInt8](repeating: 0, count: length - 4)
    let found = try Self.mp3(Array(repeatElement(frame, count: 400).joined()))
    #expect(found.verdict == .preparable && Self.codes(found) == [.notPortable], "\(found.reasons)")
    #expect(
      found.reasons.first?.finding == .notPortable(Portability(.mp3(.freeFormat), [Misreading(.ffmpeg, .nothing)])))
  }

  @Test(
    "the first text of a radio stream is found at the intervals that servers use",
    arguments: [4096, 8192, 16_000, 16_384])
  func streamText(interval: Int) throws {
    for text in ["StreamTitle='A';", "StreamTitle='" + String(repeating: "x", count: 4000) + "';", "StreamUrl='b';"] {
      let count = (text.utf8.count + 15) / 16
      let block = [UInt8(count)] + Array(text.utf8) + [UInt8](repeating: 0, count: 16 * count - text.utf8.count)
      var bytes: [UInt8] = []
      let audio = Self.frames(1000)
      for (index, start) in stride(from: 0, to: audio.count, by: interval).enumerated() {
        bytes += audio[start..<min(start + interval, audio.count)] + (index == 0 ? block : [0])
      }
      let found = try Self.mp3(bytes)
      #expect(found.verdict == .preparable, "\(found.reasons)")
      #expect(found.reasons.contains { $0.finding == .skimmedStreamText(offset: interval) }, "\(found.reasons)")
      #expect(found.reasons.allSatisfy { $0.code == .notPortable }, "\(found.reasons)")
    }
  }

  @Test("garbage that a walk would search through is not searched")
  func garbage() throws {
    let found = try Self.mp3([UInt8](repeating: 0x81, count: 200_000) + Self.frames(2000))
    #expect(found.verdict == .rejected && Self.codes(found) == [.notAudio])
    #expect(found.failure?.problem == .beyondSkim(bytes: 160_000))
  }

  // MARK: flac

  static func flac(seconds: Int, in scratch: Scratch) throws -> [UInt8] {
    let path = try scratch.file("x.flac")
    var encoder = try AudioEncoder(
      path: path, encoding: .flac(bitsPerSample: 16), sampleRate: 44100, channels: 2)
    var random = Seeded(7)
    for _ in 0..<seconds {
      try encoder.write((0..<88200).map { _ in (Int32(truncatingIfNeeded: random.next()) >> 4) << 16 })
    }
    try encoder.finish()
    return try bytes(of: path)
  }

  @Test("the length of a flac is that of its last frame, and the claim is held against it")
  func flacs() throws {
    let scratch = try Scratch()
    let whole = try Self.flac(seconds: 20, in: scratch)
    #expect(whole.count > 1_500_000)
    func look(_ bytes: some Sequence<UInt8>) throws -> Inspection {
      Self.skimmed(try scratch.file("y.flac", Array(bytes)))
    }
    let found = try look(whole)
    #expect(found.verdict == .ready && found.duration?.frames == 20 * 44100, "\(found.reasons)")
    #expect((found.integrity.skim?.bytesRead ?? .max) <= 160_000)
    var unset = whole
    unset.replaceSubrange(21..<26, with: [unset[21] & 0xF0, 0, 0, 0, 0])
    let claimless = try look(unset)
    #expect(claimless.verdict == .preparable && claimless.duration?.frames == 20 * 44100)
    #expect(claimless.reasons.map(\.finding) == [.skimmedLength(claimed: nil, likely: 20)])
    let cut = try look(whole.prefix(whole.count * 2 / 3))
    #expect(cut.verdict == .preparable && Self.codes(cut) == [.truncated] && !cut.integrity.damaged, "\(cut.reasons)")
    let tagged = try look(whole + Array("TAG".utf8) + [UInt8](repeating: 32, count: 125))
    #expect(tagged.verdict == .preparable && tagged.reasons.map(\.finding) == [.skimmedRest(bytes: 128, [.id3v1])])
    var holed = whole
    let middle = whole.count / 2
    holed.replaceSubrange(middle - 60_000..<middle + 60_000, with: repeatElement(0, count: 120_000))
    let hole = try look(holed)
    #expect(hole.verdict == .preparable && Self.codes(hole) == [.corrupt] && !hole.integrity.damaged, "\(hole.reasons)")
  }

  // MARK: wav

  @Test("the samples of a wav are not read, floats neither", arguments: [false, true])
  func waves(areFloats: Bool) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.wav")
    var encoder = try AudioEncoder(
      path: path, encoding: areFloats ? .wavFloat : .wav(bitsPerSample: 24), sampleRate: 48000, channels: 2)
    try encoder.write([Float](repeating: 0.25, count: 2 * 48000 * 20))
    try encoder.finish()
    let found = Self.skimmed(path)
    #expect(found.verdict == .ready && found.duration?.frames == 960_000 && found.duration?.basis == .declared)
    #expect((found.integrity.skim?.bytesRead ?? .max) < 65536)
    let cut = Self.skimmed(try scratch.file("y.wav", Array(try bytes(of: path).dropLast(100_000))))
    #expect(cut.verdict == .rejected && Self.codes(cut) == [.truncated])
  }

  @Test("more chunks than a skim reads leave the length open")
  func chunks() throws {
    let scratch = try Scratch()
    let chunk = Array("JUNK".utf8) + [0xF8, 0x0F, 0, 0] + [UInt8](repeating: 0, count: 0xFF8)
    let bytes = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVE".utf8) + repeatElement(chunk, count: 100).joined()
    let found = Self.skimmed(try scratch.file("x.wav", bytes))
    #expect(found.duration == nil && found.verdict == .preparable)
    #expect(found.reasons.map(\.finding) == [.skimmedTooLittle(bytes: 160_000)])
  }
}
