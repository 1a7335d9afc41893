import RepriseAudio
import RepriseSystem
import Foundation
import TestSupport
import Testing

/// Files that libsndfile's writer or a few bytes make, and a program named ffmpeg that is not ffmpeg.
@Suite("Foreign containers")
struct ForeignTests {
  private static let limits = AudioLimits(minimumSeconds: 0)

  /// Big-endian bytes.
  private static func big(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }

  /// Samples of 16 bits, each its own index times seven.
  private static func samples(_ count: Int) -> [UInt8] { (0..<count).flatMap { big(($0 * 7) & 0xFFFF, 2) } }

  /// An au of 16 bits.
  private static func au(frames: Int, channels: Int = 1, rate: Int = 8000, claimed: Int? = nil) -> [UInt8] {
    let body = samples(frames * channels)
    return Array(".snd".utf8) + big(24, 4) + big(claimed ?? body.count, 4) + big(3, 4) + big(rate, 4)
      + big(channels, 4) + body
  }

  /// An aiff of 16 bits at 8000 Hz.
  private static func aiff(frames: Int, claimed: Int? = nil) -> [UInt8] {
    let body = samples(frames)
    let count = claimed ?? frames
    // 8000 as an 80-bit extended float: 2¹² × 1.953125.
    let rate: [UInt8] = [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]
    let common = Array("COMM".utf8) + big(18, 4) + big(1, 2) + big(count, 4) + big(16, 2) + rate
    let sound = Array("SSND".utf8) + big(8 + 2 * count, 4) + big(0, 8) + body
    return Array("FORM".utf8) + big(4 + common.count + 16 + 2 * count, 4) + Array("AIFF".utf8) + common + sound
  }

  private static func look(_ path: String) -> Inspection {
    inspectBlocking(path: path, limits: limits, deep: false)
  }

  @Test("au and aiff are counted by libsndfile, and decoded exactly", arguments: [1, 2])
  func counted(channels: Int) throws {
    let scratch = try Scratch()
    let files = [
      try scratch.file("a.au", Self.au(frames: 9000, channels: channels)),
      try scratch.file("a.aiff", Self.aiff(frames: 9000)),
    ]
    for path in files {
      let found = Self.look(path)
      #expect(found.verdict == .preparable && found.reasons.first?.code == .unsupportedFormat, "\(found.reasons)")
      #expect(found.codec == "pcm_s16be" && found.duration?.frames == 9000 && found.duration?.basis == .counted)
      var decoder = try AudioDecoder(path: path)
      #expect(decoder.encoding == .integer(bits: 16))
      var block: [Int32] = []
      #expect(try decoder.read(into: &block, frames: 100) == 100)
      let expected = (0..<block.count).map { Int32(Int16(truncatingIfNeeded: ($0 * 7) & 0xFFFF)) << 16 }
      #expect(block == expected)
      let deep = inspectBlocking(path: path, limits: Self.limits, deep: true)
      #expect(deep.duration?.basis == .decoded && deep.duration?.frames == 9000)
    }
  }

  @Test("a recording whose header declares more than is there is cut off")
  func cutOff() throws {
    let scratch = try Scratch()
    for path in [
      try scratch.file("a.au", Self.au(frames: 8000, claimed: 24000)),
      try scratch.file("a.aiff", Self.aiff(frames: 8000, claimed: 12000)),
    ] {
      let found = Self.look(path)
      #expect(found.verdict == .rejected && found.reasons.first?.code == .truncated, "\(found.reasons)")
      guard case .failed(let error)? = found.reasons.first?.finding,
        case .foreign(.cutOff(_, _, let missing)) = error.problem
      else {
        Issue.record("\(found.reasons)")
        continue
      }
      #expect(abs(missing - 0.5) < 0.01)
    }
  }

  @Test("an ogg that ends within a page is cut off")
  func cutOgg() throws {
    let scratch = try Scratch()
    let whole = try bytes(of: fixture("vorbis.ogg"))
    let found = Self.look(try scratch.file("a.ogg", Array(whole.dropLast(500))))
    #expect(found.verdict == .rejected && found.reasons.contains { $0.code == .truncated }, "\(found.reasons)")
    #expect(Self.look(fixture("vorbis.ogg")).verdict == .preparable)
  }

  @Test("a flipped byte in an ogg is damage; a tag behind it is not", arguments: [2000, 5000])
  func damagedOgg(offset: Int) throws {
    let scratch = try Scratch()
    var changed = try bytes(of: fixture("vorbis.ogg"))
    let tagged = try InputFile(path: try scratch.file("tagged.ogg", changed + Array("TAG".utf8) + noise(125)))
    #expect(try OggPages(tagged, from: 0).damaged == 0)
    #expect(try !OggPages(tagged, from: 0).endsInPage)
    changed[offset] ^= 0x55
    let found = Self.look(try scratch.file("a.ogg", changed))
    #expect(found.verdict == .rejected && found.reasons.contains { $0.code == .corrupt }, "\(found.reasons)")
    let pages = try OggPages(try InputFile(path: scratch.path("a.ogg")), from: 0)
    #expect(pages.damaged == 1 && !pages.endsInPage)
  }

  @Test(
    "without ffmpeg, what wants it says so", arguments: ["aac.m4a", "adts.aac", "layer-2.mp3", "wma.wma", "opus.webm"])
  func without(name: String) throws {
    let scratch = try Scratch()
    Environment.$replacement.withValue(["PATH": scratch.root]) {
      let found = Self.look(fixture(name))
      #expect(found.verdict == .rejected && found.reasons.map(\.code) == [.unsupportedFormat])
      guard case .foreign(.ffmpegMissing)? = found.failure?.problem else {
        Issue.record("\(found.reasons)")
        return
      }
    }
  }

  @Test(
    "without ffmpeg, what libsndfile decodes is still decoded",
    arguments: ["vorbis.ogg", "opus.ogg", "mulaw.wav", "adpcm.wav"])
  func sndfile(name: String) throws {
    let scratch = try Scratch()
    Environment.$replacement.withValue(["PATH": scratch.root]) {
      let found = Self.look(fixture(name))
      #expect(found.verdict == .preparable && found.reasons.first?.code == .unsupportedFormat, "\(found.reasons)")
    }
  }

  /// A header of AU with floats, as ffmpeg would write it, for a shell's printf.
  private static let header =
    #"printf '.snd\000\000\000\030\377\377\377\377\000\000\000\006\000\000\037\100\000\000\000\001'"#

  /// A program named ffmpeg that is not ffmpeg: what it does, and what is to be said.
  static let impostors: [(script: String, isIt: @Sendable (ForeignProblem) -> Bool)] = [
    ("sleep 600", { if case .stalled = $0 { true } else { false } }),
    ("\(header); sleep 600", { if case .stalled = $0 { true } else { false } }),
    ("kill -SEGV $$", { $0 == .ffmpegFailed(.signal(11), message: nil) }),
    (
      "echo bad >&2; exit 3",
      { $0 == .ffmpegFailed(.status(3), message: "bad") }
    ),
    ("\(header); head -c 8000 /dev/zero; kill -KILL $$", { $0 == .ffmpegFailed(.signal(9), message: nil) }),
    // What it says before it crashes is not the reason.
    ("echo End of file >&2; kill -KILL $$", { $0 == .ffmpegFailed(.signal(9), message: "End of file") }),
    ("exec yes complaint >&2", { if case .flooded = $0 { true } else { false } }),
    (
      "while :; do echo flood >&2; done",
      {
        // How much it writes within the time depends on the machine.
        switch $0 {
        case .stalled, .flooded: true
        default: false
        }
      }
    ),
    ("\(header); exec cat /dev/zero", { if case .endless = $0 { true } else { false } }),
    ("\(header); head -c 8003 /dev/zero", { $0 == .partialFrame(bytes: 3) }),
    ("head -c 8000 /dev/urandom", { $0 == .malformedOutput }),
    ("exec >&-; sleep 600", { if case .stalled = $0 { true } else { false } }),
  ]

  @Test("a program ffmpeg that hangs, crashes or floods is a fact", .startsProcesses, arguments: impostors.indices)
  func impostor(index: Int) throws {
    let (script, isIt) = Self.impostors[index]
    let scratch = try Scratch()
    // The real ffprobe may take longer than the limit below on a busy machine; this one leaves all to ffmpeg.
    for (name, body) in ["ffmpeg": script, "ffprobe": "exit 1"] {
      let program = try scratch.file(name, Array("#!/bin/sh\n\(body)\n".utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }
    var limits = FFmpegLimits()
    limits.stall = 1000
    limits.seconds = 1
    limits.messages = 1 << 20
    let found = Environment.$replacement.withValue(["PATH": "\(scratch.root):/usr/bin:/bin"]) {
      FFmpegLimits.$current.withValue(limits) { Self.look(fixture("aac.m4a")) }
    }
    #expect(found.verdict == .rejected)
    let problems = found.reasons.compactMap { reason -> ForeignProblem? in
      guard case .failed(let error) = reason.finding, case .foreign(let problem) = error.problem else { return nil }
      return problem
    }
    #expect(problems.contains(where: isIt), "\(found.reasons)")
    // A program that crashes, hangs or floods says nothing about the file.
    let isItsFault = problems.contains {
      switch $0 {
      case .ffmpegFailed(.signal, _), .stalled, .flooded: true
      default: false
      }
    }
    #expect(found.reasons.contains { $0.code == .unreadable } == isItsFault, "\(found.reasons)")
    #expect(!isItsFault || !found.integrity.damaged)
    #expect(try scratch.contents() == ["ffmpeg", "ffprobe"])
  }

  @Test(
    "the samples of a voc of several blocks are those of its blocks alone",
    .enabled(if: Tool.ffmpeg.path != nil, "wants ffmpeg"), .startsProcesses, arguments: [1, 2], [600, 4096, 70_000])
  func blocksOfVOC(channels: Int, size: Int) throws {
    func little(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var random = Seeded(5)
    let samples = (0..<100_000).map { _ in Int32(Int16(truncatingIfNeeded: random.next())) }
    let data = samples.flatMap { little(Int($0), 2) }
    var file = Array("Creative Voice File".utf8) + [0x1A, 26, 0, 0x14, 1, 0x1F, 0x11]
    for start in stride(from: 0, to: data.count, by: size) {
      let part = data[start..<min(start + size, data.count)]
      // The first block tells rate, width, channels and codec.
      let head = start > 0 ? [] : little(44100, 4) + [16, UInt8(channels), 4, 0, 0, 0, 0, 0]
      file += [start > 0 ? 2 : 9] + little(head.count + part.count, 3) + head + part
    }
    let scratch = try Scratch()
    let path = try scratch.file("a.voc", file + [0])
    #expect(try CodingTests.integers(of: path) == samples.map { $0 << 16 })
  }

  @Test("an ffprobe that hangs or floods is not followed by ffmpeg", .startsProcesses, arguments: [false, true])
  func hangingProbe(floods: Bool) throws {
    let scratch = try Scratch()
    let scripts = ["ffprobe": floods ? "exec yes complaint >&2" : "sleep 600", "ffmpeg": ": > \(scratch.path("ran"))"]
    for (name, script) in scripts {
      let program = try scratch.file(name, Array("#!/bin/sh\n\(script)\n".utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }
    var limits = FFmpegLimits()
    limits.stall = 1000
    limits.messages = 1 << 20
    let found = Environment.$replacement.withValue(["PATH": "\(scratch.root):/usr/bin:/bin"]) {
      FFmpegLimits.$current.withValue(limits) { Self.look(fixture("aac.m4a")) }
    }
    guard case .foreign(let problem)? = found.failure?.problem else {
      Issue.record("\(found.reasons)")
      return
    }
    if case .probeFlooded = problem {
      #expect(floods)
    } else {
      #expect(problem == .probeStalled(seconds: 1) && !floods)
    }
    #expect(found.reasons.map(\.code) == [.unreadable] && !FileManager.default.fileExists(atPath: scratch.path("ran")))
  }

  @Test(
    "no name is taken for a protocol or an option", .enabled(if: Tool.ffmpeg.path != nil, "wants ffmpeg"),
    .startsProcesses,
    arguments: [
      "http:__example.com.m4a", "concat:a.m4a|b.m4a", "-i.m4a", "pipe:0", "file:x.m4a", "data:audio;base64,AAAA",
    ])
  func names(name: String) throws {
    let scratch = try Scratch()
    let found = Self.look(try scratch.file(name, try bytes(of: fixture("aac.m4a"))))
    #expect(found.verdict == .preparable && found.codec == "aac", "\(found.reasons)")
  }

  @Test("a playlist is no list of files for ffmpeg")
  func playlist() throws {
    let scratch = try Scratch()
    let secret = try scratch.file("secret.m4a", try bytes(of: fixture("aac.m4a")))
    for text in ["#EXTM3U\n#EXTINF:5,\n\(secret)\n", "ffconcat version 1.0\nfile '\(secret)'\n"] {
      let found = Self.look(try scratch.file("list.m4a", Array(text.utf8)))
      #expect(found.verdict == .rejected && found.reasons.map(\.code) == [.notAudio])
    }
  }

  @Test("a cancelled decoding ends the program")
  func cancelled() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let found = inspectBlocking(path: fixture("aac.m4a"), limits: Self.limits, deep: false, cancellation: cancellation)
    #expect(found.failure?.code == .cancelled || Tool.ffmpeg.path == nil)
  }

  @Test(
    "messages of ffmpeg are told without addresses",
    arguments: [
      ("[aac @ 0x55ca] Reserved bit set.\nmore\n", "aac: Reserved bit set.", false),
      ("[mov,mp4,m4a @ 0x1] moov atom not found", "mov: moov atom not found", false),
      ("file:/proc/self/fd/0: Input/output error\n", "Input/output error", false),
      ("[tta @ 0x2] CRC error\n", "tta: CRC error", true), ("[x", "[x", false),
    ])
  func complaints(text: String, first: String, isChecksum: Bool) {
    let complaint = FFmpegComplaint(text, lines: 0)
    #expect(complaint?.first == first && complaint?.isChecksum == isChecksum && complaint?.lines == 1)
    #expect(FFmpegComplaint("\n", lines: 0) == nil)
  }

  @Test(
    "ffmpeg's facts tell integers from floats and lossy codecs",
    arguments: [
      ("alac", "s16p", 16, SampleEncoding.integer(bits: 16)), ("alac", "s32p", 24, .integer(bits: 24)),
      ("wavpack", "fltp", 0, .float(bits: 32)), ("wavpack", "s32p", 0, .integer(bits: 32)),
      ("pcm_s16le", "s16", 0, .integer(bits: 16)), ("pcm_u8", "u8", 0, .integer(bits: 8)),
      ("pcm_f64be", "dbl", 0, .float(bits: 32)), ("pcm_mulaw", "s16", 0, .lossy), ("aac", "fltp", 0, .lossy),
      ("mp2", "s16p", 0, .lossy), ("dsd_lsbf", "flt", 0, .float(bits: 32)), ("ape", "s16p", 12, .integer(bits: 12)),
    ])
  func encodings(codec: String, format: String, bits: Int, encoding: SampleEncoding) {
    #expect(FFmpegFacts.encoding(codec, format: format, rawBits: bits) == encoding)
  }
}
