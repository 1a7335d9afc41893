import RepriseAudio
import Foundation
import TestSupport
import Testing

/// What is true of a fixture, as other decoders found it (see Fixtures/README.md).
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
      name: name, format: .flac, codec: "flac", rate: 4000, frames: frames, verdict: damaged ? .rejected : .ready,
      codes: codes, damaged: damaged)
  }

  static func mp3(
    _ name: String, frames: Int = 277_830, rate: Int = 44100, codes: [Inspection.Reason.Code] = [],
    damaged: Bool = false
  ) -> Truth {
    Truth(
      name: name, format: .mp3, codec: "mp3", rate: rate, frames: frames, verdict: damaged ? .rejected : .ready,
      codes: codes, damaged: damaged)
  }

  /// Frames as libmpg123 and ffmpeg decode them (mp3), as sox and ffmpeg count them (wav), as flac does (flac).
  static let table: [Truth] = [
    .wav("plain.wav"), .wav("list-around-data.wav"), .wav("rf64.wav"), .wav("bw64.wav"), .wav("wave64.wav"),
    .wav("8-bit-odd-length.wav", "pcm_u8", frames: 24001), .wav("extensible-24.wav", "pcm_s24le"),
    .wav("int32.wav", "pcm_s32le"), .wav("float32.wav", "pcm_f32le"), .wav("clipped.wav"),
    .wav("data-size-zero.wav", codes: [.headerLies, .boundaryRisk]),
    .wav("data-size-ffffffff.wav", codes: [.headerLies, .boundaryRisk]),
    .wav("truncated.wav", frames: 15591, codes: [.truncated, .tooShort], damaged: true),
    .wav("nan-float.wav", "pcm_f32le", codes: [.corrupt], damaged: true),
    .flac("plain.flac"), .flac("padding.flac"), .flac("id3-in-front.flac"), .flac("unknown-total.flac"),
    .flac("md5-unset.flac"), .flac("total-ten-times.flac", codes: [.headerLies]),
    .flac("total-too-small.flac", codes: [.headerLies, .boundaryRisk]),
    .flac("truncated.flac", frames: 14336, codes: [.truncated, .tooShort], damaged: true),
    .wav("data-size-ten-times.wav", codes: [.headerLies]),
    .wav("block-align-wrong.wav", codes: [.headerLies], verdict: .preparable), .wav("id3-in-front.wav"),
    .flac("variable-block-size.flac"),
    .mp3("cbr.mp3"), .mp3("vbr.mp3"), .mp3("id3v1.mp3"), .mp3("garbage-in-front.mp3"),
    .mp3("crc-joint-stereo.mp3"), .mp3("vbr-stereo-mpeg-2.mp3", frames: 138_915, rate: 22050),
    .mp3("mpeg-2.5.mp3", frames: 51840, rate: 8000), .mp3("frames-in-tags.mp3"), .mp3("lyrics3.mp3"),
    .mp3("info-behind-crc.mp3", frames: 281_088), .mp3("id3-in-the-middle.mp3"), .mp3("really-mp3.wav"),
    .mp3("recording.mp3", frames: 1_146_600),
  ]
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
    #expect(found.integrity.problems.allSatisfy { !$0.contains("were counted and") })
  }

  @Test(
    "damage inside, silence and clipping are found by decoding everything",
    arguments: [
      ("flipped-byte.flac", Inspection.Verdict.rejected, Inspection.Reason.Code.corrupt, "3.072–3.328 s"),
      ("wrong-md5.flac", .rejected, .corrupt, "MD5"), ("silent.wav", .rejected, .silent, "−80 dBFS"),
      ("clipped.wav", .ready, .clipped, "1.6 %"),
    ])
  func deepOnly(
    name: String, verdict: Inspection.Verdict, code: Inspection.Reason.Code, words: String
  ) async throws {
    let quick = await inspect(path: fixture(name), limits: Self.limits)
    #expect(quick.verdict == .ready && quick.reasons.isEmpty && quick.integrity.checked == .structure)
    let found = await inspect(path: fixture(name), limits: Self.limits, deep: true)
    #expect(found.verdict == verdict)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == code && reason.message.contains(words))
  }

  @Test(
    "what cannot be used is named, with what to do about it",
    arguments: [
      ("vorbis.ogg", "ogg vorbis", Inspection.Reason.Code.unsupportedFormat, "ffmpeg -i"),
      ("opus.ogg", "opus", .unsupportedFormat, "opus.flac"), ("aac.m4a", "m4a", .unsupportedFormat, "aac.flac"),
      ("adts.aac", "aac (ADTS)", .unsupportedFormat, "ffmpeg"), ("layer-2.mp3", "mp2", .unsupportedFormat, "ffmpeg"),
      ("wma.wma", "wma (asf)", .unsupportedFormat, "ffmpeg"),
      ("opus.webm", "matroska/webm", .unsupportedFormat, "ffmpeg"),
      ("adpcm.wav", "adpcm_ms", .unsupportedFormat, "ffmpeg"), ("text.mp3", "text", .notAudio, "name an mp3"),
      ("page.flac", "an HTML page", .notAudio, "name an mp3"), ("zip.wav", "a zip archive", .notAudio, "name an mp3"),
      ("noise.mp3", "unknown", .notAudio, "name an mp3"), ("empty.wav", "unknown", .notAudio, "0 bytes"),
      ("zero-channels.wav", "pcm_s16le", .corrupt, "0 channels"),
      ("billion-hertz.wav", "pcm_s16le", .corrupt, "1000000000 Hz"),
      ("header-only.wav", "pcm_s16le", .corrupt, "no audio"),
      ("too-short.wav", "pcm_s16le", .tooShort, "3 s"), ("too-short.mp3", "mp3", .tooShort, "5 s"),
      ("garbage-between.mp3", "mp3", .corrupt, "3000 bytes at 22307"),
      ("last-frame-cut.mp3", "mp3", .truncated, "242 of the 243 frames"),
      ("truncated.mp3", "mp3", .truncated, "2.56 s"), ("truncated.wav", "pcm_s16le", .truncated, "2.602 s"),
      ("truncated.flac", "flac", .truncated, "3.584 s of 6.5 s"), ("nan-float.wav", "pcm_f32le", .corrupt, "at 2 s"),
    ])
  func unusable(name: String, codec: String, code: Inspection.Reason.Code, words: String) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.verdict == .rejected)
    #expect(found.codec == codec)
    let reason = try #require(found.reasons.first)
    #expect(reason.code == code)
    #expect(reason.message.contains(words), "\(reason.message)")
  }

  @Test(
    "an mp3's length is what is in it, whatever stands around it or in its header",
    arguments: [
      ("ape-tag.mp3", 279_936, 25391, nil), ("id3-picture-without-info.mp3", 279_936, 25391, nil),
      ("free-format.mp3", 279_936, 38086, nil), ("vbr-without-xing.mp3", 354_816, 32422, nil),
      ("vbri.mp3", 279_936, 26653, 279_936), ("xing-claims-ten-times.mp3", 278_831, 26653, 2_797_254),
      ("joined.mp3", 558_918, 71269, 277_830),
    ] as [(String, Int, Int, Int?)])
  func mp3(name: String, frames: Int, audioBytes: Int, declared: Int?) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.duration?.frames == frames)
    #expect(found.audioBytes == audioBytes)
    #expect(found.duration?.declaredSeconds == declared.map { Double($0) / 44100 })
    #expect(found.verdict == .ready)
    let lies = declared != nil && declared != frames
    #expect(found.reasons.map(\.code) == (lies ? [.headerLies] : []))
    #expect(try AudioBuffer(decoding: fixture(name)).frames == frames)
  }

  @Test(
    "every record has the same keys, null where there is nothing", arguments: ["cbr.mp3", "text.mp3", "nowhere.wav"])
  func keys(name: String) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits)
    let json = try JSONEncoder().encode(found)
    let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "schema", "path", "bytes", "format", "container", "codec", "sampleRate", "channels", "duration", "audioBytes",
        "integrity", "signal", "loudness", "verdict", "reasons",
      ])
    let integrity = try #require(object["integrity"] as? [String: Any])
    #expect(integrity.keys.contains("musicCRC"))
    #expect(object["schema"] as? String == "reprise.inspection.v1")
    if let duration = object["duration"] as? [String: Any] {
      #expect(
        Set(duration.keys) == [
          "seconds", "frames", "basis", "declaredSeconds", "countedSeconds", "decodedSeconds",
        ])
    }
    let back = try JSONDecoder().decode(Inspection.self, from: json)
    #expect(back.duration == found.duration && back.reasons == found.reasons && back.verdict == found.verdict)
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

  @Test("an mp3 whose format changes on the way is as long as its parts, and decodes at the first one's")
  func formatChange() async throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "x.mp3", bytes(of: fixture("ape-tag.mp3")).prefix(25391) + bytes(of: fixture("mpeg-2.mp3")))
    let found = await inspect(path: path, limits: Self.limits, deep: true)
    #expect(abs((found.duration?.seconds ?? 0) - (279_936.0 / 44100 + 140_544.0 / 22050)) < 0.001)
    #expect(found.sampleRate == 44100 && found.verdict == .ready)
    #expect(found.integrity.problems.contains { $0.contains("from 44100 Hz, 1 ch to 22050 Hz, 1 ch at 6.348 s") })
    let buffer = try AudioBuffer(decoding: path)
    #expect(buffer.sampleRate == 44100 && abs(buffer.seconds - (found.duration?.seconds ?? 0)) < 0.1)
  }

  @Test("a stereo part behind a mono one is mixed, not taken for twice as many frames")
  func channelChange() async throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "x.mp3", bytes(of: fixture("ape-tag.mp3")).prefix(25391) + bytes(of: fixture("recording.mp3")))
    let found = await inspect(path: path, limits: Self.limits, deep: true)
    let buffer = try AudioBuffer(decoding: path)
    #expect(buffer.channels == 1 && found.channels == 1)
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
    #expect(found.reasons.contains { $0.message.contains("between two frames") })
  }
}
