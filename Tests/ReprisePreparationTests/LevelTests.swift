import RepriseAudio
import Foundation
import ReprisePreparation
import RepriseSignal
import TestSupport
import Testing

@Suite("Peaks on the way to mp3", .takesLong)
struct LevelTests {
  /// A sine at a quarter of the sample rate whose samples miss its peaks: they reach `level`, the signal 3 dB more.
  static func between(_ level: Double, seconds: Double, rate: Int) -> [Float] {
    (0..<Int(seconds * Double(rate))).map { index in
      // A slow swell, so that the encoder has something to do.
      let swell = 0.8 + 0.2 * sin(2 * .pi * 0.5 * Double(index) / Double(rate))
      return Float(level * swell * 2.0.squareRoot() * sin(.pi / 2 * Double(index) + .pi / 4))
    }
  }

  static func truePeak(_ path: String) throws -> Double {
    let audio = try AudioBuffer(decoding: path)
    return try measureLoudness(interleaved: audio.samples, channels: audio.channels, sampleRate: audio.sampleRate)
      .truePeak
  }

  @Test("peaks between the samples are not clipped: the plan lowers them and says by how much")
  func betweenSamples() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Signals.write(
      Self.between(0.99, seconds: 4, rate: 44100), .wav(bitsPerSample: 16), rate: 44100, channels: 1, to: source)
    let limits = AudioLimits(minimumSeconds: 1, formats: [.mp3])
    let plan = try await FittingTests.plan(source, limits)
    guard case .loweredForCoding(let lowered, let peak, location: .betweenSamples, _) = plan.steps.last?.level else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(lowered > peak && peak > 2.5)
    let before = try Self.truePeak(source)
    #expect(before > 2.5)
    let made = try await prepare(plan, to: scratch.path("out.mp3"))
    let after = try Self.truePeak(made.path)
    #expect(after <= 0.02 && after > -1.5, "\(after) dBTP; \(made.remarks)")
  }

  @Test("a level that is low enough stays as it is", arguments: [0.05, 0.4])
  func untouched(level: Double) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Signals.write(
      Self.between(level, seconds: 3, rate: 44100), .wav(bitsPerSample: 16), rate: 44100, channels: 1, to: source)
    let plan = try await FittingTests.plan(source, AudioLimits(minimumSeconds: 1, formats: [.mp3]))
    #expect(plan.steps.allSatisfy { $0.level == nil })
    let made = try await prepare(plan, to: scratch.path("out.mp3"))
    #expect(abs(try Self.truePeak(made.path) - Self.truePeak(source)) < 0.3 && made.remarks.isEmpty)
  }

  @Test("without a survey the result is looked at, and made once more where its decoding goes over full scale")
  func secondPass() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Signals.write(
      Self.between(0.99, seconds: 4, rate: 44100), .wav(bitsPerSample: 16), rate: 44100, channels: 1, to: source)
    let limits = AudioLimits(minimumSeconds: 1, formats: [.mp3])
    let plan = try makePlan(for: await inspect(path: source, limits: limits), limits: limits)
    let made = try await prepare(plan, to: scratch.path("out.mp3"))
    guard case .loweredAgain(let peak, let decibels, still: nil) = made.remarks.first else {
      Issue.record("\(made.remarks)")
      return
    }
    #expect(decibels > peak && peak > 2)
    #expect(try Self.truePeak(made.path) <= 0.02)
  }

  @Test("what is measured is what the encoder gets: mixed, resampled, faded, and only the part that is used")
  func chain() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    let rate = 96000
    // Only the first second is loud, and the part begins behind it.
    let samples = (0..<rate * 6).flatMap { frame -> [Float] in
      let level: Float = frame < rate ? 1 : 0.3
      return Array(repeating: level * Float(sin(2 * .pi * 1000 * Double(frame) / Double(rate))), count: 6)
    }
    try Signals.write(samples, .wav(bitsPerSample: 24), rate: rate, channels: 6, to: source)
    let plan = try await FittingTests.plan(source, AudioLimits(minimumSeconds: 1, formats: [.mp3])) { $0.start = 1.5 }
    #expect(plan.steps.allSatisfy { $0.level == nil }, "\(plan.steps)")
  }

  @Test(
    "an mp3 whose own decoding goes over full scale is lowered where integers have to hold it",
    arguments: ["flac", "wav", "mp3"])
  func loudMP3(format: String) async throws {
    let scratch = try Scratch()
    let loud = scratch.path("loud.mp3")
    try Signals.write(
      Self.between(1.2, seconds: 5, rate: 44100), .mp3(bitrate: 192_000), rate: 44100, channels: 1, to: loud)
    let wanted = try #require(FileFormat(rawValue: format))
    let plan = try await FittingTests.plan(loud, AudioLimits(minimumSeconds: 1)) {
      $0.format = wanted
      $0.fadeIn = 0.1
    }
    switch plan.steps.last?.level {
    case .lowered(let decibels): #expect(wanted != .mp3 && decibels > 1)
    case .loweredForCoding(_, let peak, location: .ownDecoding, _): #expect(wanted == .mp3 && peak > 1)
    default: Issue.record("\(plan.steps)")
    }
    let made = try await prepare(plan, to: scratch.path("out.\(format)"))
    let samples = try AudioBuffer(decoding: made.path).samples
    let peak = samples.reduce(0) { max($0, abs($1)) }
    #expect(peak <= 1.0 && peak > 0.6)
    guard wanted != .mp3 else { return }
    let source = try AudioBuffer(decoding: loud).samples
    let most = source.reduce(0) { max($0, abs($1)) }
    #expect(most > 1.1 && samples.count == source.count)
    // Behind the fade it is the same signal, lower; clipping would show.
    let worst = (44100..<samples.count).map { abs(samples[$0] - source[$0] / most) }.max() ?? 1
    #expect(worst < 1e-4)
  }
}
