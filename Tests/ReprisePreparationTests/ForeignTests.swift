import RepriseAudio
import Foundation
import ReprisePreparation
import TestSupport
import Testing

/// A kind of foreign file, and how another program makes one.
struct ForeignKind: CustomTestStringConvertible {
  /// What becomes of its samples.
  enum Samples { case exact, lossy }

  let name: String
  let tool: Tool
  let options: [String]
  let samples: Samples
  let rate: Int
  let channels: Int
  let bits: Int

  init(
    _ name: String, _ tool: Tool = .ffmpeg, _ options: [String] = [], _ samples: Samples = .exact, rate: Int = 44100,
    channels: Int = 2, bits: Int = 16
  ) {
    self.name = name
    self.tool = tool
    self.options = options
    self.samples = samples
    self.rate = rate
    self.channels = channels
    self.bits = bits
  }

  var testDescription: String { name }

  /// Makes the file from a sweep with some noise, under full scale.
  func make(in scratch: Scratch) throws -> String {
    let frames = rate * 6 + 321
    var random = Seeded(UInt64(rate))
    let samples = (0..<frames * channels).map { index -> Float in
      let time = Double(index / channels) / Double(rate)
      let tone = sin(2 * .pi * (200 + 90 * time) * time + Double(index % channels))
      return Float(0.3 * tone) + Float.random(in: -0.02...0.02, using: &random)
    }
    let source = scratch.path("source.wav")
    try Signals.write(samples, .wav(bitsPerSample: bits), rate: rate, channels: channels, to: source)
    let made = scratch.path(name)
    switch tool {
    case .ffmpeg: try tool.run(["-i", source] + options + [made])
    case .sox: try tool.run([source] + options + [made])
    }
    return made
  }

  static let lossless: [ForeignKind] = [
    ForeignKind("a.aiff"), ForeignKind("24.aiff", .ffmpeg, ["-c:a", "pcm_s24be"], rate: 48000, channels: 1, bits: 24),
    ForeignKind("a.aifc", .sox), ForeignKind("8.aiff", .sox, ["-b", "8"], rate: 22050, channels: 1),
    ForeignKind("a.caf", .sox), ForeignKind("24.caf", .sox, ["-b", "24"], rate: 96000, bits: 24),
    ForeignKind("a.au", .sox), ForeignKind("float.au", .sox, ["-e", "float", "-b", "32"]),
    ForeignKind("alac.m4a", .ffmpeg, ["-c:a", "alac"]),
    ForeignKind("alac24.m4a", .ffmpeg, ["-c:a", "alac"], rate: 48000, channels: 1, bits: 24),
    ForeignKind("alac.caf", .ffmpeg, ["-c:a", "alac"]),
    ForeignKind("a.wv"), ForeignKind("24.wv", .ffmpeg, [], rate: 48000, bits: 24),
    ForeignKind("a.tta"), ForeignKind("24.tta", .ffmpeg, [], rate: 48000, channels: 1, bits: 24),
    ForeignKind("pcm.mov", .ffmpeg, ["-c:a", "pcm_s24le"], bits: 24),
    ForeignKind("pcm.mkv", .ffmpeg, ["-c:a", "pcm_s16le"]),
    ForeignKind("flac.mkv", .ffmpeg, ["-c:a", "flac"]), ForeignKind("flac.oga", .ffmpeg, ["-c:a", "flac"]),
    ForeignKind("pcm.avi", .ffmpeg, ["-c:a", "pcm_s16le"]),
    ForeignKind("a.nut", .ffmpeg, ["-c:a", "pcm_s16le"], rate: 22050, channels: 1),
    ForeignKind("a.voc", .ffmpeg, ["-c:a", "pcm_s16le"], rate: 22050), ForeignKind("a.sox", .sox),
    ForeignKind("a.avr", .sox), ForeignKind("a.sph", .sox), ForeignKind("a.sf", .sox), ForeignKind("a.maud", .sox),
    ForeignKind("a.8svx", .sox, ["-b", "8"], rate: 22050, channels: 1),
  ]

  static let lossy: [ForeignKind] = [
    ForeignKind("a.m4a", .ffmpeg, [], .lossy), ForeignKind("mono.m4a", .ffmpeg, [], .lossy, rate: 22050, channels: 1),
    ForeignKind("a.mov", .ffmpeg, ["-c:a", "aac"], .lossy), ForeignKind("a.aac", .ffmpeg, [], .lossy),
    ForeignKind("a.wma", .ffmpeg, [], .lossy), ForeignKind("a.ac3", .ffmpeg, [], .lossy, rate: 48000),
    ForeignKind("a.mp2", .ffmpeg, [], .lossy), ForeignKind("a.flv", .ffmpeg, ["-c:a", "aac"], .lossy),
    ForeignKind("vorbis.ogg", .ffmpeg, ["-c:a", "libvorbis"], .lossy),
    ForeignKind("a.opus", .ffmpeg, ["-c:a", "libopus"], .lossy, rate: 48000),
    ForeignKind("16k.opus", .ffmpeg, ["-c:a", "libopus"], .lossy, rate: 16000, channels: 1),
    ForeignKind("opus.webm", .ffmpeg, ["-c:a", "libopus"], .lossy, rate: 48000),
    ForeignKind("a-law.wav", .ffmpeg, ["-c:a", "pcm_alaw"], .lossy, rate: 8000, channels: 1),
    ForeignKind("mu-law.wav", .ffmpeg, ["-c:a", "pcm_mulaw"], .lossy),
    ForeignKind("ms.wav", .ffmpeg, ["-c:a", "adpcm_ms"], .lossy),
    ForeignKind("yamaha.wav", .ffmpeg, ["-c:a", "adpcm_yamaha"], .lossy),
    ForeignKind("gsm.wav", .sox, ["-e", "gsm-full-rate"], .lossy, rate: 8000, channels: 1),
  ]
}

@Suite(
  "Foreign recordings", .enabled(if: Tool.ffmpeg.path != nil && Tool.sox.path != nil, "wants ffmpeg and sox"),
  .startsProcesses)
struct ForeignTests {
  /// Plans with a survey, as the command does, and carries out.
  private static func prepare(
    _ source: String, _ limits: AudioLimits, in scratch: Scratch,
    _ change: (inout PreparationOptions) -> Void = { _ in }
  ) async throws -> (plan: Plan, made: PreparedAudio) {
    var options = PreparationOptions()
    change(&options)
    let before = try bytes(of: source)
    let (_, plan) = try await AudioPreparer(limits: limits, options: options).plan(for: source)
    let made = try await ReprisePreparation.prepare(plan, to: scratch.path("out.\(plan.format.rawValue)"))
    #expect(try bytes(of: source) == before)
    #expect(try scratch.contents().allSatisfy { !$0.hasSuffix(".part") })
    #expect(made.bytes <= limits.maximumBytes)
    #expect(await inspect(path: made.path, limits: limits, deep: true).verdict == .ready)
    return (plan, made)
  }

  @Test("lossless recordings become flac with the same samples", arguments: ForeignKind.lossless)
  func lossless(kind: ForeignKind) async throws {
    let scratch = try Scratch()
    let source = try kind.make(in: scratch)
    let found = await inspect(path: source, limits: AudioLimits())
    #expect(found.verdict == .preparable && found.reasons.first?.code == .unsupportedFormat, "\(found.reasons)")
    #expect(found.sampleRate == kind.rate && found.channels == kind.channels)
    let (plan, made) = try await Self.prepare(source, AudioLimits(), in: scratch)
    #expect(plan.format == .flac)
    let theirs = try Tool.integers(of: source, output: scratch.path("theirs"))
    #expect(found.duration?.frames == theirs.count / kind.channels)
    if kind.name.hasPrefix("float") {
      let ours = try Signals.integers(of: made.path)
      #expect(ours.count == theirs.count)
      return
    }
    #expect(plan.lossless && made.lossless)
    #expect(try Signals.integers(of: made.path) == theirs)
  }

  @Test(
    "recordings with more bits than any flac become wavs with the same samples",
    arguments: [
      ForeignKind("32.aiff", .ffmpeg, ["-c:a", "pcm_s32be"], bits: 32),
      ForeignKind("float.caf", .ffmpeg, ["-c:a", "pcm_f32le"], rate: 22050, channels: 1, bits: 32),
      ForeignKind("float.mka", .ffmpeg, ["-c:a", "pcm_f32le"], rate: 48000, bits: 32),
    ])
  func finer(kind: ForeignKind) async throws {
    let scratch = try Scratch()
    let source = try kind.make(in: scratch)
    let (plan, made) = try await Self.prepare(source, AudioLimits(), in: scratch)
    #expect(plan.format == .wav && plan.lossless && made.lossless, "\(plan.steps)")
    let theirs = try Tool.floats(of: source, output: scratch.path("theirs"))
    #expect(try AudioBuffer(decoding: made.path).samples == theirs)
    // A service that takes no wav gets a flac, and is told of the loss.
    let (other, _) = try await Self.prepare(source, AudioLimits(formats: [.flac, .mp3]), in: scratch)
    #expect(other.format == .flac && !other.lossless)
  }

  @Test("lossy recordings become flac within half a step of 16 bits", arguments: ForeignKind.lossy)
  func lossy(kind: ForeignKind) async throws {
    let scratch = try Scratch()
    let source = try kind.make(in: scratch)
    let found = await inspect(path: source, limits: AudioLimits(minimumSeconds: 5))
    #expect(found.verdict == .preparable && found.reasons.first?.code == .unsupportedFormat, "\(found.reasons)")
    let (plan, made) = try await Self.prepare(source, AudioLimits(minimumSeconds: 5), in: scratch)
    #expect(plan.format == .flac && !plan.lossless)
    let theirs = try Tool.floats(of: source, output: scratch.path("theirs"))
    let ours = try Signals.integers(of: made.path)
    try #require(ours.count == theirs.count)
    let worst = zip(ours, theirs).map { abs(Float($0) / 65536 - $1 * 32768) }.max() ?? .infinity
    #expect(worst <= 1, "\(worst)")
    #expect(found.duration?.frames == theirs.count / (found.channels ?? 1))
  }

  @Test("what does not fit as flac becomes mp3, and says what stays lost")
  func tooLarge() async throws {
    let scratch = try Scratch()
    let source = try ForeignKind("a.m4a", .ffmpeg, [], .lossy).make(in: scratch)
    let (plan, made) = try await Self.prepare(source, AudioLimits(maximumBytes: 150_000), in: scratch)
    #expect(plan.format == .mp3 && made.format == .mp3)
  }

  @Test("a part of a foreign recording is cut to the sample")
  func part() async throws {
    let scratch = try Scratch()
    let source = try ForeignKind("a.tta").make(in: scratch)
    let limits = AudioLimits(minimumSeconds: 1)
    let (plan, made) = try await Self.prepare(source, limits, in: scratch) {
      $0.start = 2
      $0.end = 4.5
    }
    #expect(plan.lossless)
    let theirs = try Tool.integers(of: source, output: scratch.path("theirs"))
    #expect(try Signals.integers(of: made.path) == Array(theirs[(2 * 44100 * 2)..<(44100 * 9)]))
  }
}
