import RepriseAudio
import Foundation
import TestSupport
import Testing

/// The true properties of a fixture, as other decoders found them (see Fixtures/README.md).
struct Truth: Sendable, CustomTestStringConvertible {
  let name: String
  let format: FileFormat
  let codec: String
  let rate: Int
  let frames: Int
  var verdict = Inspection.Verdict.ready
  var codes: [Inspection.Reason.Code] = []
  var damaged = false
  var testDescription: String { name }

  static func wav(
    _ name: String, _ codec: String = "pcm_s16le", frames: Int = 26000,
    codes: [Inspection.Reason.Code] = [], verdict: Inspection.Verdict = .ready, damaged: Bool = false
  ) -> Truth {
    Truth(
      name: name, format: .wav, codec: codec, rate: 4000, frames: frames, verdict: damaged ? .rejected : verdict,
      codes: codes, damaged: damaged)
  }

  static func flac(_ name: String, frames: Int = 26000, codes: [Inspection.Reason.Code] = [], damaged: Bool = false)
    -> Truth
  {
    Truth(
      name: name, format: .flac, codec: "flac", rate: 4000, frames: frames,
      verdict: damaged ? .rejected : codes.contains(.notPortable) ? .preparable : .ready, codes: codes, damaged: damaged
    )
  }

  static func mp3(
    _ name: String, frames: Int = 277_830, rate: Int = 44100, codes: [Inspection.Reason.Code] = [],
    damaged: Bool = false
  ) -> Truth {
    Truth(
      name: name, format: .mp3, codec: "mp3", rate: rate, frames: frames,
      verdict: damaged ? .rejected : codes.contains(.notPortable) ? .preparable : .ready,
      codes: codes, damaged: damaged)
  }

  /// Frames as libmpg123 and ffmpeg decode them (mp3), as sox and ffmpeg count them (wav), as flac does (flac).
  static let table: [Truth] = [
    .wav("plain.wav"), .wav("list-around-data.wav"), .wav("rf64.wav"),
    .wav("bw64.wav", codes: [.notPortable], verdict: .preparable), .wav("wave64.wav"),
    .wav("8-bit-odd-length.wav", "pcm_u8", frames: 24001), .wav("extensible-24.wav", "pcm_s24le"),
    .wav("int32.wav", "pcm_s32le"), .wav("float32.wav", "pcm_f32le"), .wav("clipped.wav"),
    .wav("data-size-zero.wav", codes: [.notPortable, .headerLies, .boundaryRisk], verdict: .preparable),
    .wav("data-size-ffffffff.wav", codes: [.headerLies, .boundaryRisk]),
    .wav("truncated.wav", frames: 15591, codes: [.truncated, .tooShort], damaged: true),
    .wav("nan-float.wav", "pcm_f32le", codes: [.corrupt], damaged: true),
    .flac("plain.flac"), .flac("padding.flac"), .flac("id3-in-front.flac"),
    .flac("unknown-total.flac", codes: [.notPortable]),
    .flac("md5-unset.flac"), .flac("total-ten-times.flac", codes: [.notPortable, .headerLies]),
    .flac("total-too-small.flac", codes: [.notPortable, .headerLies, .boundaryRisk]),
    .flac("truncated.flac", frames: 14336, codes: [.truncated, .tooShort], damaged: true),
    .wav("data-size-ten-times.wav", codes: [.headerLies]),
    .wav("block-align-wrong.wav", codes: [.notPortable], verdict: .preparable), .wav("id3-in-front.wav"),
    .flac("variable-block-size.flac"),
    .mp3("cbr.mp3"), .mp3("vbr.mp3"), .mp3("id3v1.mp3"), .mp3("garbage-in-front.mp3", codes: [.notPortable]),
    .mp3("crc-joint-stereo.mp3"), .mp3("vbr-stereo-mpeg-2.mp3", frames: 138_915, rate: 22050),
    .mp3("mpeg-2.5.mp3", frames: 51840, rate: 8000), .mp3("frames-in-tags.mp3", codes: [.notPortable]),
    .mp3("lyrics3.mp3"),
    .mp3("info-behind-crc.mp3", frames: 281_088), .mp3("id3-in-the-middle.mp3", codes: [.notPortable]),
    .mp3("really-mp3.wav"),
    .mp3("recording.mp3", frames: 1_146_600),
  ]
}

/// The expected result of an inspection of a fixture.
struct Expected: Sendable, CustomTestStringConvertible {
  let name: String
  let codec: String
  let verdict: Inspection.Verdict
  let code: Inspection.Reason.Code
  let isIt: @Sendable (Finding) -> Bool

  init(
    _ name: String, _ codec: String, _ verdict: Inspection.Verdict, _ code: Inspection.Reason.Code,
    _ isIt: @escaping @Sendable (Finding) -> Bool
  ) {
    self.name = name
    self.codec = codec
    self.verdict = verdict
    self.code = code
    self.isIt = isIt
  }

  var testDescription: String { name }
}

@Suite("Inspection")
struct InspectionTests {
  static let limits = AudioLimits()

  @Test("every fixture's true length, verdict and reasons are found", arguments: Truth.table)
  func truth(_ truth: Truth) async throws {
    let found = await inspect(path: fixture(truth.name), limits: Self.limits)
    #expect(found.format == truth.format)
    #expect(found.codec == truth.codec)
    #expect(found.sampleRate == truth.rate)
    #expect(found.duration?.frames == truth.frames)
    #expect(found.duration?.seconds == Double(truth.frames) / Double(truth.rate))
    #expect(found.verdict == truth.verdict)
    #expect(found.reasons.map(\.code) == truth.codes)
    #expect(found.integrity.damaged == truth.damaged)
  }

  @Test("decoding everything finds the same length", arguments: Truth.table.filter { !$0.damaged })
  func deep(_ truth: Truth) async throws {
    let found = await inspect(path: fixture(truth.name), limits: Self.limits, deep: true)
    #expect(found.duration?.frames == truth.frames)
    #expect(found.duration?.basis == .decoded)
    #expect(found.duration?.countedSeconds == nil || found.duration?.countedSeconds == found.duration?.decodedSeconds)
    #expect(found.integrity.checked == .full)
    #expect(!found.integrity.problems.contains { if case .frameCount = $0 { true } else { false } })
  }

  @Test(
    "damage inside, silence and clipping are found by decoding everything",
    arguments: [
      Expected("flipped-byte.flac", "flac", .rejected, .corrupt) {
        guard case .flac(.damage(let first, let places, let lost)) = $0 else { return false }
        return first == DamageSpan(start: 3.072, end: 3.328, kind: .checksum) && places == 1 && lost == 0.256
      },
      Expected("wrong-md5.flac", "flac", .rejected, .corrupt) { $0 == .flac(.md5Differs) },
      Expected("silent.wav", "pcm_s16le", .rejected, .silent) { $0 == .silent },
      Expected("clipped.wav", "pcm_s16le", .ready, .clipped) {
        guard case .clipped(let share, let runs?) = $0 else { return false }
        return abs(share - 0.016) < 0.0005 && runs.count > 0
      },
    ])
  func deepOnly(_ wanted: Expected) async throws {
    let quick = await inspect(path: fixture(wanted.name), limits: Self.limits)
    // The checksums of a small flac's frames are compared in any case.
    if wanted.name != "flipped-byte.flac" {
      #expect(quick.verdict == .ready && quick.reasons.isEmpty && quick.integrity.checked == .structure)
    }
    let found = await inspect(path: fixture(wanted.name), limits: Self.limits, deep: true)
    #expect(found.verdict == wanted.verdict)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == wanted.code && wanted.isIt(reason.finding), "\(reason.finding)")
  }

  @Test(
    "what is no audio is named by what it is",
    arguments: [
      ("text.mp3", .otherKind("text")), ("page.flac", .otherKind("an HTML page")),
      ("zip.wav", .otherKind("a zip archive")), ("noise.mp3", .unrecognised), ("empty.wav", .empty),
    ] as [(String, AudioFileProblem)])
  func foreign(name: String, problem: AudioFileProblem) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.verdict == .rejected)
    let error = AudioFileError(path: fixture(name), problem)
    #expect(found.failure == error && found.reasons.map(\.finding) == [.failed(error)])
    switch problem {
    case .otherKind(let kind): #expect(found.codec == kind && found.reasons.map(\.code) == [.notAudio])
    default: #expect(found.codec == "unknown" && found.reasons.map(\.code) == [.notAudio])
    }
  }

  @Test(
    "what another program or library decodes is named by container and codec",
    .enabled(if: OtherDecoder.ffmpeg.path != nil, "wants ffmpeg"), .startsProcesses,
    arguments: [
      ("vorbis.ogg", "ogg", "vorbis"), ("opus.ogg", "ogg", "opus"), ("aac.m4a", "m4a", "aac"),
      ("adts.aac", "adts", "aac"), ("layer-2.mp3", "mp2", "mp2"), ("wma.wma", "asf", "wmav2"),
      ("opus.webm", "matroska", "opus"),
    ])
  func decodable(name: String, container: String, codec: String) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(minimumSeconds: 0))
    #expect(found.verdict == .preparable && found.format == .other)
    #expect(found.container == container && found.codec == codec)
    let accepted: [FileFormat] = [.flac, .mp3, .wav]
    let name = container == codec ? codec : "\(codec) in \(container)"
    #expect(found.reasons.map(\.finding) == [.formatNotAccepted(name, accepted: accepted)])
  }

  @Test(
    "what cannot be used says why, with its numbers",
    arguments: [
      Expected("zero-channels.wav", "pcm_s16le", .rejected, .corrupt) { $0 == .wave(.noChannels) },
      Expected("billion-hertz.wav", "pcm_s16le", .rejected, .corrupt) {
        $0 == .wave(.implausibleRate(1_000_000_000, plausible: 100...768_000))
      },
      Expected("header-only.wav", "pcm_s16le", .rejected, .corrupt) { $0 == .immeasurable },
      Expected("too-short.wav", "pcm_s16le", .rejected, .tooShort) { $0 == .tooShort(seconds: 3, minimum: 6) },
      Expected("too-short.mp3", "mp3", .rejected, .tooShort) {
        if case .tooShort(let seconds, minimum: 6) = $0 { abs(seconds - 5) < 0.001 } else { false }
      },
      Expected("garbage-between.mp3", "mp3", .rejected, .corrupt) {
        if case .mp3(.garbageBetween(bytes: 3000, offset: 22307, let seconds)) = $0 { seconds > 0 } else { false }
      },
      Expected("truncated.mp3", "mp3", .rejected, .truncated) {
        if case .mp3(.truncated(_, _, _, let missing)) = $0 { abs(missing - 2.56) < 0.01 } else { false }
      },
      Expected("truncated.wav", "pcm_s16le", .rejected, .truncated) {
        guard case .wave(.truncated(let declared, let present, let missing)) = $0 else { return false }
        return missing == Double(declared - present) / 8000 && abs(missing - 2.602) < 0.001
      },
      Expected("truncated.flac", "flac", .rejected, .truncated) { $0 == .flac(.truncated(seconds: 3.584, of: 6.5)) },
      Expected("nan-float.wav", "pcm_f32le", .rejected, .corrupt) {
        guard case .wave(.notNumbers(let samples, isDouble: false, let first, let places, _)) = $0 else {
          return false
        }
        return samples == 6 && first == 2 && places == 2
      },
    ])
  func unusable(_ wanted: Expected) async throws {
    let found = await inspect(path: fixture(wanted.name), limits: Self.limits)
    #expect(found.verdict == .rejected && found.failure == nil)
    #expect(found.codec == wanted.codec)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == wanted.code && wanted.isIt(reason.finding), "\(reason.finding)")
  }

  @Test(
    "an mp3's length is what is in it, whatever stands around it or in its header",
    arguments: [
      ("ape-tag.mp3", 279_936, 25391, nil), ("id3-picture-without-info.mp3", 279_936, 25391, nil),
      ("vbr-without-xing.mp3", 354_816, 32422, nil),
    ] as [(String, Int, Int, Int?)])
  func mp3(name: String, frames: Int, audioBytes: Int, declared: Int?) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.duration?.frames == frames)
    #expect(found.audioBytes == audioBytes)
    #expect(found.duration?.declaredSeconds == declared.map { Double($0) / 44100 })
    #expect(found.verdict == .ready && found.reasons.isEmpty)
    #expect(try AudioBuffer(decoding: fixture(name)).frames == frames)
  }

  @Test(
    "an mp3 that some decoder misreads is preparable, and as long as what is in it",
    arguments: [
      ("free-format.mp3", 279_936, 38086, nil, [.notPortable]), ("vbri.mp3", 279_936, 26653, 279_936, [.notPortable]),
      ("xing-claims-ten-times.mp3", 277_830, 26653, 2_797_254, [.notPortable, .headerLies]),
      ("joined.mp3", 558_767, 70852, 277_830, [.notPortable, .headerLies]),
      ("last-frame-cut.mp3", 277_679, 44433, 277_830, [.notPortable]),
    ] as [(String, Int, Int, Int?, [Inspection.Reason.Code])])
  func misread(
    name: String, frames: Int, audioBytes: Int, declared: Int?, codes: [Inspection.Reason.Code]
  ) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.duration?.frames == frames)
    #expect(found.audioBytes == audioBytes)
    #expect(found.duration?.declaredSeconds == declared.map { Double($0) / 44100 })
    #expect(found.verdict == .preparable && found.reasons.map(\.code) == codes)
    #expect(try AudioBuffer(decoding: fixture(name)).frames == frames)
  }

  @Test(
    "an inspection goes to another process and back, but for what only planning takes",
    arguments: [
      "cbr.mp3", "text.mp3", "nowhere.wav", "nan-float.wav", "hole-without-md5.flac", "id3-in-the-middle.mp3",
    ])
  func coding(name: String) async throws {
    var found = await inspect(path: fixture(name), limits: Self.limits, deep: true)
    let back = try JSONDecoder().decode(Inspection.self, from: JSONEncoder().encode(found))
    found.notes = .empty
    #expect(back == found)
  }

  @Test(
    "what fuzzing found is rejected, with a length that is none or a number",
    arguments: ["head-of-wave64.wav", "delay-longer-than-all.mp3"])
  func found(name: String) async throws {
    for deep in [false, true] {
      let found = await inspect(path: fixture(name), limits: Self.limits, deep: deep)
      #expect(found.verdict == .rejected)
      #expect((found.duration?.seconds ?? 0) >= 0 && (found.duration?.countedSeconds ?? 0) >= 0)
    }
  }

  @Test("samples whose sum is no number still make a record")
  func enormous() async throws {
    let found = await inspect(path: fixture("enormous-float.wav"), limits: Self.limits, deep: true)
    #expect(found.signal?.dcOffset == [] && found.signal?.peak == Double(Float(3e38)))
    #expect(try JSONDecoder().decode(Inspection.self, from: JSONEncoder().encode(found)).signal == found.signal)
  }

  @Test("an mp3 whose format changes on the way is as long as its parts, and decodes at the highest rate")
  func formatChange() async throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "x.mp3", bytes(of: fixture("ape-tag.mp3")).prefix(25391) + bytes(of: fixture("mpeg-2.mp3")))
    let found = await inspect(path: path, limits: Self.limits, deep: true)
    #expect(abs((found.duration?.seconds ?? 0) - (279_936.0 / 44100 + 140_544.0 / 22050)) < 0.001)
    #expect(found.sampleRate == 44100 && found.verdict == .preparable)
    let changes = found.integrity.problems.compactMap { finding -> MP3Finding.FormatChange? in
      if case .mp3(.formatChanges(let changes, count: 1)) = finding { changes.first } else { nil }
    }
    let change = try #require(changes.first)
    #expect(change.oldRate == 44100 && change.rate == 22050 && change.oldChannels == 1 && change.channels == 1)
    #expect(abs(change.seconds - 6.348) < 0.001)
    let buffer = try AudioBuffer(decoding: path)
    #expect(buffer.sampleRate == 44100 && abs(buffer.seconds - (found.duration?.seconds ?? 0)) < 0.1)
  }

  @Test("a mono part before a stereo one is played on both channels, not taken for half as many frames")
  func channelChange() async throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "x.mp3", bytes(of: fixture("ape-tag.mp3")).prefix(25391) + bytes(of: fixture("recording.mp3")))
    let found = await inspect(path: path, limits: Self.limits, deep: true)
    let buffer = try AudioBuffer(decoding: path)
    #expect(buffer.channels == 2 && found.channels == 2)
    #expect(abs(buffer.seconds - (279_936.0 / 44100 + 26)) < 0.1)
    #expect(buffer.frames == found.duration?.frames)
  }

  @Test("a stretch of zeros between the frames is damage")
  func zeros() async throws {
    let scratch = try Scratch()
    var damaged = try bytes(of: fixture("cbr.mp3"))
    damaged.replaceSubrange(20000..<23000, with: repeatElement(0, count: 3000))
    let found = await inspect(path: try scratch.file("x.mp3", damaged), limits: Self.limits)
    #expect(found.verdict == .rejected && found.integrity.damaged)
    #expect(
      found.integrity.problems.contains {
        switch $0 {
        case .mp3(.garbageBetween), .mp3(.zerosBetween): true
        default: false
        }
      })
    #expect(found.reasons.contains { if case .mp3(.audioLost) = $0.finding { true } else { false } })
  }
}
