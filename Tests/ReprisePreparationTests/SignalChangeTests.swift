import RepriseAudio
import Foundation
import ReprisePreparation
import RepriseSignal
import TestSupport
import Testing

@Suite("Levels, channels and silence as asked for")
struct SignalChangeTests {
  static let limits = AudioLimits(minimumSeconds: 1)
  static let rate = 22050

  /// Seconds of tones of a peak of nearly `level`, a phase for each channel.
  static func tones(_ seconds: Double, channels: Int = 1, level: Double) -> [Float] {
    (0..<Int(seconds * Double(rate))).flatMap { frame -> [Float] in
      (0..<channels).map { channel -> Float in
        let turn = Double(frame + 20 * channel)
        let sample: Double = 0.6 * sin(turn * 0.0721) + 0.39 * sin(turn * 0.733)
        return Float(level * sample)
      }
    }
  }

  static func write(
    _ samples: [Float], _ encoding: AudioEncoder.Encoding, channels: Int = 1, to path: String
  ) throws {
    try Signals.write(samples, encoding, rate: rate, channels: channels, to: path)
  }

  static func plan(_ path: String, _ change: (inout PreparationOptions) -> Void) async throws -> Plan {
    try await FittingTests.plan(path, limits, change)
  }

  static let encodings: [AudioEncoder.Encoding] = [
    .wav(bitsPerSample: 16), .wav(bitsPerSample: 24), .wavFloat, .flac(bitsPerSample: 16), .flac(bitsPerSample: 24),
    .mp3(bitrate: 128_000),
  ]

  // MARK: Level

  @Test(
    "the level asked for as auto has a true peak of -1 dBTP, in every format and from every one",
    arguments: encodings, [nil, .wav, .flac, .mp3] as [FileFormat?])
  func automatic(encoding: AudioEncoder.Encoding, format: FileFormat?) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source")
    try Self.write(Self.tones(3, level: 0.02), encoding, to: source)
    let plan = try await Self.plan(source) {
      $0.gain = .automatic
      $0.format = format
    }
    let gain = try #require(plan.gain)
    #expect(gain > 31 && gain < 35 && !plan.lossless && plan.lost.isEmpty)
    #expect(plan.steps.contains { if case .gain(let change) = $0.detail { change.isAutomatic } else { false } })
    let made = try await prepare(plan, to: scratch.path("out"))
    let peak = try LevelTests.truePeak(made.path)
    #expect(abs(peak + 1) < (plan.format == .mp3 ? 0.5 : 0.02), "\(peak) dBTP")
    guard plan.format != .mp3, encoding != .mp3(bitrate: 128_000) else { return }
    let (before, after) = (try AudioBuffer(decoding: source).samples, try AudioBuffer(decoding: made.path).samples)
    let factor = Float(pow(10, gain / 20))
    let apart = zip(before, after).map { abs($0 * factor - $1) }.max() ?? 1
    #expect(apart < 0.6 / 32768 && before.count == after.count)
  }

  @Test("a take of -85 dBFS is made audible, and silence is not")
  func faint() async throws {
    let scratch = try Scratch()
    let source = scratch.path("faint.wav")
    try Self.write(Self.tones(2, level: 0.000_056), .wavFloat, to: source)
    let plan = try await Self.plan(source) { $0.gain = .automatic }
    #expect(abs((plan.gain ?? 0) - 84) < 1)
    let made = try await prepare(plan, to: scratch.path("out.wav"))
    #expect(abs(try LevelTests.truePeak(made.path) + 1) < 0.02)
    var random = Seeded(5)
    let dither = (0..<44100).map { _ in Float(Int.random(in: -1...1, using: &random)) / 32768 }
    for samples in [[Float](repeating: 0, count: 44100), dither] {
      let silent = scratch.path("silent.wav")
      try Self.write(samples, .wav(bitsPerSample: 24), to: silent)
      for gain in [GainChoice.automatic, .decibels(20)] {
        let error = await #expect(throws: PreparationError.self) {
          _ = try await Self.plan(silent) { $0.gain = gain }
        }
        #expect(error?.code == .unusable)
      }
    }
  }

  @Test("a change by dB is exact to half a step, and what it would clip is refused", arguments: [-20.0, -3, 4.5, 6.1])
  func decibels(gain: Double) async throws {
    let scratch = try Scratch()
    for (encoding, format) in zip(Self.encodings, [FileFormat.wav, .wav, .wav, .flac, .flac, .mp3]) {
      let source = scratch.path("source")
      // A peak of −6 dBFS.
      try Self.write(Self.tones(2, level: 0.5 / 0.98), encoding, to: source)
      let peak = try AudioBuffer(decoding: source).samples.reduce(0) { max($0, abs($1)) }
      let isClipped = Double(peak) * pow(10, gain / 20) > 1
      do {
        let plan = try await Self.plan(source) { $0.gain = .decibels(gain) }
        #expect(!isClipped || encoding == .wavFloat)
        #expect(plan.gain == gain && plan.format == format && !plan.lossless)
        let made = try await prepare(plan, to: scratch.path("out"), replacing: true)
        let after = try AudioBuffer(decoding: made.path).samples.reduce(0) { max($0, abs($1)) }
        let change: Double = 20 * log10(Double(after / peak))
        #expect(abs(change - gain) < (format == .mp3 ? 0.5 : 0.01))
      } catch let error as PreparationError {
        guard case .gainClips(gain, let found) = error.reason else { throw error }
        let level: Double = 20 * log10(Double(peak))
        #expect(isClipped && encoding != .wavFloat && abs(found - level) < 0.001)
      }
    }
  }

  @Test("a level that is right already costs nothing")
  func unchanged() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(Self.tones(2, level: 0.3), .wavFloat, to: source)
    let made = try await prepare(Self.plan(source) { $0.gain = .automatic }, to: scratch.path("loud.wav"))
    for gain in [GainChoice.automatic, .decibels(0)] {
      let again = try await Self.plan(made.path) { $0.gain = gain }
      #expect(again.steps.map(\.action) == [.keep] && again.gain == nil)
    }
  }

  @Test("floats over full scale are brought under it by auto, with what is between them")
  func headroom() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(Self.tones(2, level: 3.2), .wavFloat, to: source)
    for format in [FileFormat.wav, .flac, .mp3] {
      let plan = try await Self.plan(source) {
        $0.gain = .automatic
        $0.format = format
      }
      let isLoweredAgain = plan.steps.contains { step in
        if case .lowered? = step.level { true } else { false }
      }
      #expect((plan.gain ?? 0) < -10.5 && !isLoweredAgain)
      let made = try await prepare(plan, to: scratch.path("out"), replacing: true)
      #expect(abs(try LevelTests.truePeak(made.path) + 1) < (format == .mp3 ? 0.5 : 0.02))
    }
  }

  // MARK: Channels

  @Test(
    "picked channels are the source's own, bit for bit, in any order",
    arguments: [[1], [2], [2, 1], [3, 3], [4, 1, 2]], [16, 24])
  func picked(numbers: [Int], bits: Int) async throws {
    let scratch = try Scratch()
    for (encoding, format) in [
      (AudioEncoder.Encoding.wav(bitsPerSample: bits), FileFormat.wav), (.flac(bitsPerSample: bits), .flac),
    ] {
      let source = scratch.path("source")
      try Self.write(Self.tones(2, channels: 4, level: 0.7), encoding, channels: 4, to: source)
      let plan = try await Self.plan(source) { $0.channels = .picked(numbers) }
      #expect(plan.lossless && plan.format == format)
      let made = try await prepare(plan, to: scratch.path("out"), replacing: true)
      let all = try Signals.integers(of: source)
      let expected = stride(from: 0, to: all.count, by: 4).flatMap { frame in numbers.map { all[frame + $0 - 1] } }
      let result = try Signals.integers(of: made.path)
      #expect(made.lossless && result == expected)
    }
  }

  @Test("mono is the mean, rounded to the nearest step without bias", arguments: encodings)
  func mono(encoding: AudioEncoder.Encoding) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source")
    try Self.write(Self.tones(2, channels: 2, level: 0.7), encoding, channels: 2, to: source)
    let plan = try await Self.plan(source) { $0.channels = .mono }
    #expect(!plan.lossless)
    #expect(plan.steps.contains { $0.detail == .channels(.mean(of: 2, silent: [], loss: nil)) }, "\(plan.steps)")
    let made = try await prepare(plan, to: scratch.path("out"))
    let result = try AudioBuffer(decoding: made.path)
    #expect(result.channels == 1)
    guard plan.format != .mp3 else { return }
    let expected = try AudioBuffer(decoding: source).mono()
    let apart = zip(result.samples, expected).map { made, mean -> Double in Double(made - mean) }
    #expect(result.samples.count == expected.count && apart.allSatisfy { abs($0) < 0.51 / 32768 })
    let bias: Double = apart.reduce(0, +) / Double(apart.count)
    #expect(abs(bias) < 0.02 / 32768)
  }

  @Test("mono of one sounding channel, and of equal ones, is that channel")
  func lossless() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    let tone = Self.tones(2, level: 0.7)
    for (frame, change) in [
      ({ [$0, 0] }, ChannelChange.onlySounding(1, of: 2)), ({ [0, $0] }, .onlySounding(2, of: 2)),
      ({ [$0, $0] }, .oneOfEqual(of: 2)), ({ [0, $0, $0] }, .oneOfEqual(of: 3)),
    ] as [((Float) -> [Float], ChannelChange)] {
      let channels = frame(1).count
      try Self.write(tone.flatMap(frame), .wav(bitsPerSample: 16), channels: channels, to: source)
      let plan = try await Self.plan(source) { $0.channels = .mono }
      #expect(plan.lossless && plan.steps.map(\.detail) == [.channels(change)])
      let made = try await prepare(plan, to: scratch.path("out.wav"), replacing: true)
      let all = try Signals.integers(of: source)
      let sounding = frame(1).firstIndex(of: 1) ?? 0
      let expected = stride(from: sounding, to: all.count, by: channels).map { all[$0] }
      #expect(try Signals.integers(of: made.path) == expected)
    }
    try Self.write(tone, .wav(bitsPerSample: 16), to: source)
    #expect(try await Self.plan(source) { $0.channels = .mono }.steps.map(\.action) == [.keep])
    #expect(try await Self.plan(source) { $0.channels = .picked([1]) }.steps.map(\.action) == [.keep])
    await #expect(throws: PreparationError.self) { _ = try await Self.plan(source) { $0.channels = .picked([2]) } }
  }

  @Test("a mean that cancels is told with its loss, and independent channels are not", arguments: [2, 4, 6])
  func cancelling(channels: Int) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    func loss(_ samples: [Float]) async throws -> Double? {
      try Self.write(samples, .wav(bitsPerSample: 24), channels: channels, to: source)
      let plan = try await Self.plan(source) { $0.channels = .mono }
      for case .channels(.mean(_, _, let loss)) in plan.steps.map(\.detail) { return loss }
      Issue.record("\(plan.steps)")
      return nil
    }
    let tone = Self.tones(2, level: 0.7)
    func alternating(_ other: Float) -> [Float] {
      tone.flatMap { tone -> [Float] in (0..<channels).map { $0 % 2 == 0 ? tone : other * tone } }
    }
    await #expect(throws: PreparationError(.channelsCancel(loss: .infinity), path: source)) {
      _ = try await loss(alternating(-1))
    }
    let nearly = try await loss(alternating(-0.9))
    // (0.05)² against (1 + 0.81) / 2
    #expect(abs((nearly ?? 0) - 25.59) < 0.05)
    var random = Seeded(11)
    let noise = (0..<2 * Self.rate * channels).map { _ in Float.random(in: -0.5...0.5, using: &random) }
    #expect(try await loss(noise) == nil)
  }

  @Test(
    "channels that are all silent are refused, those with sound are named",
    arguments: [([2], false), ([3, 2], false), ([1], true)])
  func silentChannels(picked: [Int], isAllSilent: Bool) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    // The first channel has sound, unless there is none at all.
    let tone = Self.tones(2, level: isAllSilent ? 0 : 0.7)
    try Self.write(tone.flatMap { [$0, 0, 0] }, .wav(bitsPerSample: 16), channels: 3, to: source)
    let error = PreparationError(
      .silentChannels(picked.sorted(), of: 3, sounding: isAllSilent ? [] : [1]), path: source)
    await #expect(throws: error) { _ = try await Self.plan(source) { $0.channels = .picked(picked) } }
    if !isAllSilent {
      let plan = try await Self.plan(source) { $0.channels = .picked([1, 2]) }
      #expect(plan.steps.map(\.detail) == [.channels(.picked([1, 2], of: 3))])
    }
  }

  @Test("the level is that of the mixed channels")
  func mixedLevel() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    let tone = Self.tones(2, level: 0.5)
    try Self.write(tone.flatMap { [$0, -0.5 * $0] }, .wav(bitsPerSample: 24), channels: 2, to: source)
    let plan = try await Self.plan(source) {
      $0.channels = .mono
      $0.gain = .automatic
    }
    let made = try await prepare(plan, to: scratch.path("out.wav"))
    let peak = try LevelTests.truePeak(made.path)
    #expect(abs(peak + 1) < 0.02 && made.format == .wav)
  }

  // MARK: Silence

  /// Tone and noise of −70 dBFS in turn, in seconds: tone of 1, silence of 3, tone of 1, silence of 0.5, tone of 1,
  /// silence of 2.5, tone of 1; silence of 2 at both ends.
  static func talk(channels: Int) -> [Float] {
    var random = Seeded(21)
    var samples: [Float] = []
    for (index, seconds) in [2, 1, 3, 1, 0.5, 1, 2.5, 1, 2].enumerated() {
      if index % 2 == 1 {
        samples += tones(seconds, channels: channels, level: 0.5)
      } else {
        let count = Int(seconds * Double(rate)) * channels
        samples += (0..<count).map { _ in Float.random(in: -0.0003...0.0003, using: &random) }
      }
    }
    return samples
  }

  @Test(
    "silence inside is shortened to the length asked for, and every other sample stays",
    arguments: [(1.0, 2), (0.1, 3), (2.7, 1), (4, 0)], encodings.dropLast())
  func silence(longest: (Double, Int), encoding: AudioEncoder.Encoding) async throws {
    let (seconds, places) = longest
    let scratch = try Scratch()
    let source = scratch.path("source")
    try Self.write(Self.talk(channels: 2), encoding, channels: 2, to: source)
    let plan = try await Self.plan(source) { $0.maximumSilence = seconds }
    #expect(plan.lossless && plan.lost.count == places)
    guard places > 0 else {
      #expect(plan.steps.map(\.action) == [.keep])
      return
    }
    #expect(plan.steps.first?.action == .cut && plan.lost.allSatisfy { $0.cause == .silence })
    let made = try await prepare(plan, to: scratch.path("out"))
    let kept = Int((seconds * Double(Self.rate)).rounded())
    let lengths = [3, 0.5, 2.5].map { Int($0 * Double(Self.rate)) }.filter { $0 > kept }
    let result = try AudioBuffer(decoding: made.path)
    let whole = try AudioBuffer(decoding: source)
    #expect(whole.frames - result.frames == lengths.reduce(0) { $0 + $1 - kept })
    // The source without what the plan names.
    var expected: [Float] = []
    var place = 0
    for stretch in plan.lost {
      let start = Int((stretch.start * Double(Self.rate)).rounded())
      expected += whole.samples[place * 2..<start * 2]
      place = Int((stretch.end * Double(Self.rate)).rounded())
      // The joint lies where both sides are nearly 0.
      let (before, behind) = (abs(whole.samples[start * 2 - 2]), abs(whole.samples[place * 2]))
      #expect(before + behind < 0.0003)
    }
    expected += whole.samples[(place * 2)...]
    #expect(result.samples == expected)
  }

  @Test("an mp3 is encoded again, and its length is exact")
  func silenceInMP3() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.mp3")
    try Self.write(Self.talk(channels: 1), .mp3(bitrate: 128_000), to: source)
    let plan = try await Self.plan(source) {
      $0.maximumSilence = 1
      $0.silenceLevel = -50
    }
    guard case .mp3(let conversion)? = plan.steps.last?.detail else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(conversion.again == .silence && plan.lost.count == 2 && !plan.lossless)
    let made = try await prepare(plan, to: scratch.path("out.mp3"))
    let lost = plan.lost.reduce(0) { $0 + $1.end - $1.start }
    #expect(abs(made.seconds - (plan.end - plan.start - lost)) < 0.001 && abs(lost - 3.5) < 0.2)
  }

  @Test("silence is dropped before the service's maximum is applied, and joins no part's end")
  func withinLimits() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(Self.talk(channels: 1), .wav(bitsPerSample: 16), to: source)
    // 14 s, of which 10.5 stay.
    for (maximum, end, count) in [(11.0, 14.0, 2), (9, 12.5, 2), (4, 6, 1), (2.6, 2.6, 0)] as [(Double, Double, Int)] {
      var options = PreparationOptions()
      options.maximumSilence = 1
      let limits = AudioLimits(minimumSeconds: 1, maximumSeconds: maximum)
      let inspection = await inspect(path: source, limits: limits)
      let found = try await survey(inspection, limits: limits, options: options)
      let plan = try makePlan(for: inspection, limits: limits, options: options, survey: found)
      #expect(abs(plan.end - end) < 0.001 && plan.lost.count == count, "\(maximum): \(plan.end), \(plan.lost)")
      let made = try await prepare(plan, to: scratch.path("out.wav"), replacing: true)
      #expect(abs(made.seconds - min(maximum, 10.5)) < 0.001)
    }
    await #expect(throws: PreparationError.self) { _ = try await Self.plan(source) { $0.maximumSilence = 0.05 } }
  }

  @Test("everything at once: silence, channels, level, fades")
  func together() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.flac")
    try Self.write(Self.talk(channels: 2), .flac(bitsPerSample: 24), channels: 2, to: source)
    let plan = try await Self.plan(source) {
      $0.start = 1
      $0.trimsSilence = true
      $0.maximumSilence = 1
      $0.channels = .picked([2])
      $0.gain = .automatic
      $0.fadeOut = 0.5
    }
    #expect(plan.steps.map(\.action) == [.cut, .cut, .cut, .convert, .convert])
    let made = try await prepare(plan, to: scratch.path("out.flac"))
    let result = try AudioBuffer(decoding: made.path)
    let peak = try LevelTests.truePeak(made.path)
    #expect(result.channels == 1 && abs(peak + 1) < 0.05)
    let lost = plan.lost.reduce(0) { $0 + $1.end - $1.start }
    #expect(abs(result.seconds - (plan.end - plan.start - lost)) < 0.001)
  }
}
