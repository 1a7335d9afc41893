import RepriseAudio
import Foundation
import ReprisePreparation
import RepriseSignal
import TestSupport
import Testing

@Suite("Fitting a byte budget by foresight")
struct FittingTests {
  /// Surveys, plans and, where wanted, carries out.
  static func plan(
    _ source: String, _ limits: AudioLimits, _ change: (inout PreparationOptions) -> Void = { _ in }
  ) async throws -> Plan {
    var options = PreparationOptions()
    change(&options)
    let inspection = await inspect(path: source, limits: limits)
    let survey = try await survey(inspection, limits: limits, options: options)
    return try makePlan(for: inspection, limits: limits, options: options, survey: survey)
  }

  /// A signal in a wav.
  enum Kind: String, CaseIterable, Sendable {
    case silence, constant, sine, chord, noise, quietNoise, beats, pulses, square

    /// One sample of a channel, −1…1.
    func sample(_ frame: Int, channel: Int, rate: Int, noise: Double) -> Double {
      let time = Double(frame) / Double(rate)
      func tone(_ hertz: Double) -> Double { sin(2 * .pi * hertz * time) }
      func chord() -> Double { (tone(220) + tone(277.2) * 0.7 + tone(329.6) * 0.5 + tone(1320) * 0.2) / 3 }
      return switch self {
      // What is silent throughout is not handed on: one sample sounds.
      case .silence: frame == 50_000 ? 0.5 : 0
      case .constant: 0.25
      case .sine: 0.5 * tone(440 + 110 * Double(channel))
      case .chord: chord() * (channel == 0 ? 1 : 0.6)
      case .noise: noise
      case .quietNoise: frame == 50_000 ? 0.5 : noise * 0.001
      case .beats: (chord() + 0.1 * noise) * exp(-5 * time.truncatingRemainder(dividingBy: 0.5))
      case .pulses: frame % 5000 == 0 ? 0.9 : 0
      case .square: tone(100) < 0 ? -0.99 : 0.99
      }
    }
  }

  static func write(
    _ kind: Kind, seconds: Double, bits: Int = 16, channels: Int = 2, rate: Int = 44100, to path: String
  ) throws {
    let noise = Signals.noise(Int(seconds * Double(rate)) * channels)
    let samples = noise.indices.map { index in
      Float(
        kind.sample(
          index / channels, channel: index % channels, rate: rate, noise: Double(noise[index]) / 2_147_483_648))
    }
    // The encoder has no wav of 8 bits; a flac of 8 bits is as good a source.
    try Signals.write(
      samples, bits == 8 ? .flac(bitsPerSample: 8) : .wav(bitsPerSample: bits), rate: rate, channels: channels, to: path
    )
  }

  @Test(
    "what a flac will have is foreseen: never less, hardly more", .takesLong, arguments: Kind.allCases, [8, 16, 24])
  func flacSize(kind: Kind, bits: Int) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source")
    try Self.write(kind, seconds: 6.1, bits: bits, to: source)
    let plan = try await Self.plan(source, AudioLimits(minimumSeconds: 1, maximumBytes: 1 << 30)) {
      $0.format = .flac
      $0.start = 0.05
    }
    let made = try await prepare(plan, to: scratch.path("out.flac"))
    #expect(made.bytes <= plan.predictedBytes)
    // A tone of 24 bits is foreseen less well: next to nothing is left of it.
    let slack = bits == 24 && (kind == .sine || kind == .chord) ? 1.1 : 1.008
    #expect(Double(plan.predictedBytes) <= Double(made.bytes) * slack + 200)
    #expect(made.remarks.isEmpty)
  }

  @Test(
    "channels and rates of all kinds are foreseen", .takesLong,
    arguments: [(1, 8000), (3, 48000), (6, 48000), (8, 22050), (2, 96000)])
  func flacShapes(channels: Int, rate: Int) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(.beats, seconds: 5.3, bits: 24, channels: channels, rate: rate, to: source)
    let plan = try await Self.plan(source, AudioLimits(minimumSeconds: 1, maximumBytes: 1 << 30)) { $0.format = .flac }
    let made = try await prepare(plan, to: scratch.path("out.flac"))
    #expect(made.bytes <= plan.predictedBytes && Double(plan.predictedBytes) <= Double(made.bytes) * 1.008 + 200)
    #expect(made.lossless)
  }

  @Test("a long recording is foreseen from some of its blocks, within a few per cent", .takesLong)
  func sampled() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    // 430 s: over 2048 blocks, so that one of two is counted.
    try Self.write(.beats, seconds: 430, channels: 1, rate: 22050, to: source)
    let limits = AudioLimits(minimumSeconds: 1, maximumSeconds: 1000, maximumBytes: 1 << 30)
    let plan = try await Self.plan(source, limits) { $0.format = .flac }
    let made = try await prepare(plan, to: scratch.path("out.flac"))
    #expect(made.bytes <= plan.predictedBytes && Double(plan.predictedBytes) <= Double(made.bytes) * 1.05)
    // Where that is too coarse for the limit, all of them are counted.
    let tight = AudioLimits(
      minimumSeconds: 1, maximumSeconds: 1000, maximumBytes: Int(Double(made.bytes) * 1.004), formats: [.flac, .mp3])
    let close = try await Self.plan(source, tight)
    #expect(close.format == .flac && close.steps.last?.detail == .flac(.same))
    #expect(close.predictedBytes <= tight.maximumBytes)
  }

  @Test("what is made at once is not counted before where the worst case fits, and little where it does not")
  func execution() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(.beats, seconds: 120, channels: 1, rate: 22050, to: source)
    var options = PreparationOptions()
    options.format = .flac
    let roomy = AudioLimits(minimumSeconds: 1, maximumBytes: 1 << 30)
    let found = await inspect(path: source, limits: roomy)
    #expect(try await survey(found, limits: roomy, options: options, for: .execution) == Survey())
    let counted = try await survey(found, limits: roomy, options: options)
    #expect(counted != Survey())
    let size = try makePlan(for: found, limits: roomy, options: options, survey: counted).predictedBytes
    // Enough room for the flac, and not for the samples.
    for share in [1.25, 1.05, 1.002, 0.998, 0.7] {
      let limits = AudioLimits(
        minimumSeconds: 1, maximumBytes: Int(Double(size) * share), formats: [.flac, .mp3])
      let found = await inspect(path: source, limits: limits)
      let survey = try await survey(found, limits: limits, for: .execution)
      let plan = try makePlan(for: found, limits: limits, survey: survey)
      let made = try await prepare(plan, to: scratch.path("made-\(share).\(plan.format.rawValue)"))
      #expect(made.bytes <= limits.maximumBytes)
      // A sample of the blocks decides nothing that counting all of them would decide otherwise.
      #expect(made.format == (share > 1 ? .flac : .mp3), "\(share)")
    }
  }

  @Test("the choice between flac and mp3 is made in the plan, and kept", .takesLong)
  func decision() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(.noise, seconds: 8, to: source)
    let all = AudioLimits(minimumSeconds: 1, maximumBytes: 1 << 30)
    let size = try await prepare(try await Self.plan(source, all) { $0.format = .flac }, to: scratch.path("x.flac"))
      .bytes
    for (limit, format) in [(size + size / 100, FileFormat.flac), (size - size / 100, .mp3)] {
      let limits = AudioLimits(minimumSeconds: 1, maximumBytes: limit, formats: [.flac, .mp3])
      let plan = try await Self.plan(source, limits)
      #expect(plan.format == format && plan.predictedBytes <= limit)
      #expect(plan.steps.allSatisfy { if case .either = $0.detail { false } else { true } })
      let made = try await prepare(plan, to: scratch.path("made-\(limit).\(format.rawValue)"))
      #expect(made.format == format && made.bytes <= limit && made.bytes <= plan.predictedBytes)
    }
  }

  @Test(
    "an mp3's size is foreseen to a frame, at every length, rate and bit rate", .takesLong,
    arguments: [8000, 11025, 16000, 22050, 32000, 44100, 48000], [6.0, 7.3, 9.0501])
  func mp3Size(rate: Int, seconds: Double) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(.quietNoise, seconds: seconds, channels: Int(seconds) % 2 + 1, rate: rate, to: source)
    for budget in [40000.0, 16000, 8000, 2500] {
      let limits = AudioLimits(minimumSeconds: 1, maximumBytes: Int(budget * seconds), formats: [.mp3])
      guard let plan = try? await Self.plan(source, limits) else { continue }
      let made = try await prepare(plan, to: scratch.path("\(budget).mp3"))
      let frame = Double(rate >= 32000 ? 1152 : 576) / Double(rate) * budget
      #expect(made.bytes <= plan.predictedBytes && made.bytes <= limits.maximumBytes)
      #expect(Double(plan.predictedBytes - made.bytes) <= frame)
    }
  }

  /// Samples in a wide container, and the bits they really have.
  struct Wide: Sendable, CustomTestStringConvertible {
    let encoding: AudioEncoder.Encoding
    let bits: Int
    let width: Int?
    var testDescription: String { "\(bits) bits in \(encoding)" }
  }

  @Test(
    "floats and 32-bit integers that hold 24 bits or fewer lose nothing as flac, and that is said",
    arguments: [
      Wide(encoding: .wavFloat, bits: 16, width: 16), Wide(encoding: .wavFloat, bits: 24, width: 24),
      Wide(encoding: .wav(bitsPerSample: 32), bits: 16, width: 16),
      Wide(encoding: .wav(bitsPerSample: 32), bits: 20, width: 24),
      Wide(encoding: .wav(bitsPerSample: 32), bits: 25, width: nil), Wide(encoding: .wavFloat, bits: 25, width: nil),
    ])
  func wide(_ wide: Wide) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    var samples = Signals.noise(16000 * 3).map { $0 >> 3 & ~((Int32(1) << Int32(32 - wide.bits)) - 1) }
    // A single sample that needs them all.
    samples[40000] = Int32(1) << Int32(32 - wide.bits)
    try Signals.write(samples, wide.encoding, rate: 16000, channels: 1, to: source)
    let limits = AudioLimits(minimumSeconds: 1, maximumBytes: 190_000)
    let plan = try await Self.plan(source, limits) { $0.format = .flac }
    let made = try await prepare(plan, to: scratch.path("out.flac"))
    #expect(plan.lossless == (wide.width != nil) && made.lossless == plan.lossless)
    let source32: SampleEncoding = wide.encoding == .wavFloat ? .float(bits: 32) : .integer(bits: 32)
    let conversion = try #require(plan.steps.last?.flac)
    if let width = wide.width {
      #expect(conversion == .narrowed(to: width, used: wide.bits, from: source32))
      #expect(try Signals.integers(of: made.path) == samples)
    } else {
      #expect(conversion == .rounded(from: source32, level: nil))
    }
  }

  @Test("a double's last bits are seen, which single precision would hide")
  func doubles() async throws {
    let scratch = try Scratch()
    for (name, last, isExact) in [("exact.wav", 0.25, true), ("fine.wav", 0.25 + 1e-12, false)] {
      var data: [UInt8] = []
      for index in 0..<16000 {
        let value = index == 9000 ? last : Double(index % 200 - 100) / 256
        for byte in 0..<8 { data.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * byte))) }
      }
      func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let format = little(3, 2) + little(1, 2) + little(8000, 4) + little(64000, 4) + little(8, 2) + little(64, 2)
      let head = Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + format
      let source = try scratch.file(name, head + Array("data".utf8) + little(data.count, 4) + data)
      let plan = try await Self.plan(source, AudioLimits(minimumSeconds: 1)) { $0.format = .flac }
      #expect(plan.lossless == isExact, "\(plan.steps)")
    }
  }
}
