import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Our decoding against ffmpeg's, the way ISO 11172-4 compares a decoder with the reference: the difference's RMS.
///
/// `REPRISE_DECODING` may name more files, one a line, and has the figures printed; Tests/Oracles/check-decoding sets
/// it.
@Suite("Decoding against ffmpeg", .enabled(if: OtherDecoder.ffmpeg.path != nil), .startsProcesses)
struct DecodingTests {
  /// Upper bound of a full-accuracy decoder's error, relative to a full scale of 1: ISO 11172-4's 2^-15 / √12.
  static let bar = 1 / (32768 * 12.0.squareRoot())

  /// Fixtures that ffmpeg legitimately decodes otherwise, and our frame up to which the two must agree all the same.
  static let exceptions: [String: (upTo: Int, why: String)] = [
    "32-bit.flac": (0, "ffmpeg 5.1 decodes nothing of it; flac -d does"),
    "block-align-wrong.wav": (0, "ffmpeg reads packets by the wrong alignment and loses frames of each"),
    "chunk-without-pad.wav": (0, "ffmpeg finds no samples"),
    "data-size-half.wav": (13000, "ffmpeg ends where the header does"),
    "flipped-byte.flac": (12288, "ffmpeg plays the frame whose checksum is wrong"),
    "free-format.mp3": (0, "ffmpeg cannot decode free format; libmpg123 does"),
    "garbage-between.mp3": (138_240, "ffmpeg loses frames behind the garbage"),
    "hole-without-md5.flac": (10240, "ffmpeg closes the hole; libFLAC fills it with silence"),
    "id3-in-the-middle.mp3": (138_240, "ffmpeg loses a frame behind the tag"),
    "joined.mp3": (278_831, "ffmpeg plays the frame of the second part's header"),
    "last-frame-cut.mp3": (276_000, "ffmpeg plays the frame that is cut"),
    "no-streaminfo.flac": (0, "ffmpeg decodes nothing without STREAMINFO"),
    "other-block-size.flac": (0, "libFLAC puts silence behind every block that is shorter than claimed"),
    "rf64-without-ds64.wav": (0, "ffmpeg finds no samples"),
    "two-data-chunks.wav": (0, "ffmpeg plays the second chunk, we the first"),
  ]

  /// Fixtures that are refused.
  static let undecodable: Set<String> = [
    "delay-longer-than-all.mp3", "empty.wav", "head-of-wave64.wav", "header-only.wav",
    "noise.mp3", "page.flac", "text.mp3", "zero-channels.wav", "zip.wav",
  ]

  static let files: [String] = {
    let directory = URL(fileURLWithPath: fixture("x")).deletingLastPathComponent().path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    let fixtures = names.filter { [".mp3", ".wav", ".flac"].contains(where: $0.hasSuffix) }.map(fixture)
    return fixtures + (more ?? "").split(whereSeparator: \.isNewline).map(String.init)
  }()

  static var more: String? { ProcessInfo.processInfo.environment["REPRISE_DECODING"] }

  @Test("every file decodes to what ffmpeg decodes", arguments: files)
  func same(path: String) throws {
    let name = URL(fileURLWithPath: path).lastPathComponent
    guard !Self.undecodable.contains(name) else {
      #expect(throws: AudioFileError.self) { try AudioBuffer(decoding: path) }
      return
    }
    let scratch = try Scratch()
    let ours = try AudioBuffer(decoding: path)
    let theirs = try OtherDecoder.ffmpeg.floats(of: path, output: scratch.path("x.f32"))
    let exception = Self.exceptions[name]
    let end = (exception?.upTo ?? ours.frames) * ours.channels
    let compared = Comparison(Array(ours.samples.prefix(end)), theirs, channels: ours.channels)
    if Self.more != nil {
      print(
        "decoding | \(name) | \(compared.count / ours.channels) of \(ours.frames) | \(theirs.count / ours.channels) | "
          + "\(compared.offset) | \(compared.rms) | \(compared.largest) | \(compared.first.map { "\($0 / ours.channels)" } ?? "–") | \(exception?.why ?? "")"
      )
    }
    #expect(compared.rms < Self.bar, "\(name): \(compared)")
    // All but what stands in front of or behind the other's.
    #expect(compared.count >= end - 2 * 1152 * ours.channels, "\(name): \(compared)")
  }
}

/// Two decodings laid upon each other where they fit best.
struct Comparison {
  /// Number of ffmpeg's frames before our first.
  var offset = 0
  /// Samples compared.
  var count = 0
  /// The difference's root mean square.
  var rms = 0.0
  /// The largest difference.
  var largest: Float = 0
  /// Our first sample that is off by more than 16 bits can tell.
  var first: Int?

  init(_ ours: [Float], _ theirs: [Float], channels: Int) {
    offset = Comparison.offset(ours, theirs, channels: channels)
    let shift = offset * channels
    let range = max(0, -shift)..<max(min(ours.count, theirs.count - shift), max(0, -shift))
    var sum = 0.0
    for index in range {
      let apart = Comparison.apart(ours[index], theirs[index + shift])
      sum += Double(apart) * Double(apart)
      largest = max(largest, apart)
      if apart > 1 / 32768, first == nil { first = index }
    }
    count = range.count
    rms = (sum / Double(max(count, 1))).squareRoot()
  }

  /// 0 where both are the same infinity or no number at all.
  static func apart(_ one: Float, _ other: Float) -> Float {
    one == other || (one.isNaN && other.isNaN) ? 0 : abs(one - other)
  }

  /// The shift of up to two frames of mp3 at which a stretch from early on differs least; 0 if it fits at all.
  static func offset(_ ours: [Float], _ theirs: [Float], channels: Int) -> Int {
    // Past the first frames, which a decoder that starts elsewhere has other ones of.
    let start = min(4 * 1152 * channels, ours.count / 4)
    let stretch = ours[start..<min(start + 8000 * channels, ours.count)]
    func distance(_ offset: Int) -> Float {
      let shift = offset * channels
      guard start + shift >= 0, stretch.endIndex + shift <= theirs.count else { return .infinity }
      return stretch.indices.reduce(0) { $0 + apart(ours[$1], theirs[$1 + shift]) }
    }
    return (-2304...2304).sorted { abs($0) < abs($1) }.reduce((0, distance(0))) { best, offset in
      guard best.1 > 1e-6 * Float(stretch.count) else { return best }
      let found = distance(offset)
      return found < best.1 ? (offset, found) : best
    }.0
  }
}
