import RepriseAudio
import Foundation
import RepriseSystem
import ReprisePreparation
import TestSupport
import Testing

@Suite("Preparing")
struct PrepareTests {
  /// Plans and carries out; the source must be the same afterwards and nothing may lie beside the result.
  static func prepare(
    _ source: String, _ limits: AudioLimits, in scratch: Scratch, as output: String? = nil,
    _ change: (inout PreparationOptions) -> Void = { _ in }
  ) async throws -> (plan: Plan, made: PreparedAudio) {
    var options = PreparationOptions()
    change(&options)
    let before = try bytes(of: source)
    let plan = try makePlan(for: await inspect(path: source, limits: limits), limits: limits, options: options)
    let made = try await ReprisePreparation.prepare(plan, to: scratch.path(output ?? "out.\(plan.format.rawValue)"))
    #expect(try bytes(of: source) == before)
    #expect(try scratch.contents().allSatisfy { !$0.hasSuffix(".part") })
    #expect(made.bytes <= limits.maximumBytes)
    #expect(made.bytes <= plan.predictedBytes || !made.remarks.isEmpty)
    #expect(made.lossless == plan.lossless || !made.remarks.isEmpty)
    let found = await inspect(path: made.path, limits: limits, deep: true)
    #expect(found.verdict == .ready)
    #expect(found.bytes == made.bytes && found.format == made.format && found.duration?.seconds == made.seconds)
    return (plan, made)
  }

  @Test("what fits is copied byte for byte", arguments: ["cbr.mp3", "plain.wav", "padding.flac"])
  func keep(name: String) async throws {
    let scratch = try Scratch()
    let (_, made) = try await Self.prepare(fixture(name), PlanTests.limits(), in: scratch)
    #expect(try bytes(of: made.path) == bytes(of: fixture(name)))
  }

  @Test(
    "stripping leaves the audio's own bytes and the exact size that was predicted",
    arguments: [
      ("id3-picture-without-info.mp3", 26000), ("ape-tag.mp3", 26000), ("padding.flac", 31000),
      ("list-around-data.wav", 52100),
    ])
  func strip(name: String, limit: Int) async throws {
    let scratch = try Scratch()
    let (plan, made) = try await Self.prepare(fixture(name), PlanTests.limits(bytes: limit), in: scratch)
    #expect(plan.steps.map(\.action) == [.strip])
    #expect(made.bytes == plan.predictedBytes)
    #expect(try Signals.integers(of: made.path) == Signals.integers(of: fixture(name)))
  }

  @Test("stripping a flac mends a total that lies", arguments: ["unknown-total.flac", "total-ten-times.flac"])
  func mendTotal(name: String) async throws {
    let scratch = try Scratch()
    let (_, made) = try await Self.prepare(fixture(name), PlanTests.limits(bytes: 30800), in: scratch)
    let found = await inspect(path: made.path, limits: PlanTests.limits(), deep: true)
    #expect(found.duration?.declaredSeconds == 6.5 && found.reasons.isEmpty)
  }

  @Test(
    "a part of a wav has the samples' own bytes, whatever the container",
    arguments: [
      "plain.wav", "8-bit-odd-length.wav", "extensible-24.wav", "int32.wav", "float32.wav", "rf64.wav", "bw64.wav",
      "wave64.wav", "data-size-zero.wav", "data-size-ffffffff.wav", "list-around-data.wav",
    ])
  func cutWave(name: String) async throws {
    let scratch = try Scratch()
    let (plan, made) = try await Self.prepare(fixture(name), PlanTests.limits(), in: scratch) {
      $0.start = 1.00025
      $0.end = 3.5
    }
    #expect(plan.lossless && plan.steps.map(\.action) == [.cut] && made.format == .wav)
    let source = try Signals.integers(of: fixture(name))
    #expect(try Signals.integers(of: made.path) == Array(source[4001..<14000]))
    #expect(made.bytes == plan.predictedBytes)
    #expect(try bytes(of: made.path).starts(with: Array("RIFF".utf8)))
  }

  @Test("a part of a wav has a whole header, whatever length the source's format chunk has", arguments: [17, 19, 200])
  func oddFormatChunk(length: Int) async throws {
    let scratch = try Scratch()
    let plain = try bytes(of: fixture("plain.wav"))
    #expect(Array(plain[12..<16]) == Array("fmt ".utf8) && plain[16] == 16)
    let body = plain[20..<36] + [UInt8](repeating: 0, count: length - 16 + length % 2)
    let source = try scratch.file("odd.wav", plain[..<16] + [UInt8(length), 0, 0, 0] + body + plain[36...])
    let (plan, made) = try await Self.prepare(source, PlanTests.limits(), in: scratch) { $0.end = 3 }
    let written = try bytes(of: made.path)
    #expect(written.count == plan.predictedBytes && written.count == 44 + 3 * 4000 * 2)
    #expect(Array(written[12..<44]) == Array(plain[12..<40]) + Array(written[40..<44]))
    #expect(Array(written[44...]) == Array(plain[44..<44 + 24000]))
  }

  @Test("a part of a flac is bit-exact and has a right length and MD5", arguments: ["plain.flac", "id3-in-front.flac"])
  func cutFLAC(name: String) async throws {
    let scratch = try Scratch()
    let (plan, made) = try await Self.prepare(fixture(name), PlanTests.limits(), in: scratch) { $0.start = 2.00025 }
    #expect(plan.lossless && made.format == .flac)
    let source = try Signals.integers(of: fixture(name))
    #expect(try Signals.integers(of: made.path) == Array(source[8001...]))
    let found = await inspect(path: made.path, limits: PlanTests.limits(), deep: true)
    #expect(found.duration?.declaredSeconds == found.duration?.decodedSeconds)
    #expect(found.integrity.checked == .full)
    #expect(!found.integrity.problems.contains(.flac(.noMD5)) && found.integrity.md5 == .matches)
  }

  @Test(
    "a wav that is too large becomes a flac with the same samples",
    arguments: [("plain.wav", 52000), ("8-bit-odd-length.wav", 24000), ("extensible-24.wav", 70000)])
  func lossless(name: String, limit: Int) async throws {
    let scratch = try Scratch()
    let (plan, made) = try await Self.prepare(fixture(name), PlanTests.limits(bytes: limit), in: scratch)
    #expect(plan.lossless && made.format == .flac)
    #expect(try Signals.integers(of: made.path) == Signals.integers(of: fixture(name)))
  }

  @Test("a flac that turns out too large becomes an mp3 after all, which is said and named")
  func fallback() async throws {
    let scratch = try Scratch()
    let source = scratch.path("noise.wav")
    try Signals.write(Signals.noise(16000 * 4), .wav(bitsPerSample: 24), rate: 16000, channels: 1, to: source)
    let (plan, made) = try await Self.prepare(source, PlanTests.limits(bytes: 150_000), in: scratch, as: "out.flac")
    #expect(plan.format == .flac && plan.lossless)
    #expect(made.format == .mp3 && made.path == scratch.path("out.mp3"))
    guard case .mp3Instead(maximumBytes: 150_000, let conversions) = made.remarks.first else {
      Issue.record("\(made.remarks)")
      return
    }
    #expect(conversions.count == 1 && !made.lossless)
    #expect(try scratch.contents() == ["noise.wav", "out.mp3"])
  }

  @Test("an mp3 that nobody named is never replaced by what a flac turned into")
  func unnamed() async throws {
    let scratch = try Scratch()
    let source = scratch.path("noise.wav")
    try Signals.write(Signals.noise(16000 * 4), .wav(bitsPerSample: 24), rate: 16000, channels: 1, to: source)
    let other = try scratch.file("q.mp3", [1, 2, 3])
    let limits = PlanTests.limits(bytes: 150_000)
    let plan = try makePlan(for: await inspect(path: source, limits: limits), limits: limits)
    let reason = PreparationError.Reason.unnamedOutput(other, instead: scratch.path("q.flac"), maximumBytes: 150_000)
    await #expect(throws: PreparationError(reason, path: source)) {
      _ = try await ReprisePreparation.prepare(plan, to: scratch.path("q.flac"), replacing: true)
    }
    #expect(try bytes(of: other) == [1, 2, 3])
    #expect(try scratch.contents() == ["noise.wav", "q.mp3"])
  }

  @Test(
    "an mp3 takes the highest bit rate that fits and is as long as the source",
    arguments: [
      (44100, 2, 44100, 160), (96000, 2, 48000, 160), (88200, 1, 44100, 160), (12345, 1, 16000, 144),
      (48000, 6, 48000, 160),
    ])
  func mp3(rate: Int, channels: Int, target: Int, kilobits: Int) async throws {
    let scratch = try Scratch()
    let source = scratch.path("x.wav")
    let frames = rate * 3
    try Signals.write(
      Signals.sine(frames: frames, channels: channels, rate: rate), .wav(bitsPerSample: 24), rate: rate,
      channels: channels, to: source)
    let limit = target == 16000 ? 58500 : 64000
    let limits = AudioLimits(minimumSeconds: 1, maximumBytes: limit, formats: [.mp3])
    let (plan, made) = try await Self.prepare(source, limits, in: scratch)
    let conversion = try #require(plan.steps.last?.mp3)
    #expect(conversion.bitrate == kilobits * 1000)
    let found = await inspect(path: made.path, limits: limits)
    #expect(found.sampleRate == target && found.channels == min(channels, 2))
    #expect(abs((found.duration?.frames ?? 0) - target * 3) <= 1)
    #expect(conversion.resampling == (rate == target ? nil : .init(from: rate, to: target)))
    #expect(conversion.mixedChannels == (channels > 2 ? 6 : nil))
  }

  @Test("floats over full scale are lowered, not clipped")
  func loudFloats() async throws {
    let scratch = try Scratch()
    let source = scratch.path("x.wav")
    try Signals.write(
      Signals.sine(frames: 24000, channels: 1, rate: 8000, level: 2), .wavFloat, rate: 8000, channels: 1, to: source)
    let (plan, made) = try await Self.prepare(source, PlanTests.limits(bytes: 90000), in: scratch)
    guard case .lowered(let decibels) = plan.steps.first?.level else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(abs(decibels - 6) < 0.05)
    let found = try AudioBuffer(decoding: made.path).samples
    let expected = Signals.sine(frames: 24000, channels: 1, rate: 8000, level: 1)
    let peak = Signals.sine(frames: 24000, channels: 1, rate: 8000, level: 2).map(abs).max() ?? 0
    for (a, b) in zip(found, expected) { #expect(abs(a - b * 2 / peak) < 1e-6) }
  }

  @Test("fades are where they were asked for, and the samples between them stay")
  func fades() async throws {
    let scratch = try Scratch()
    let (plan, made) = try await Self.prepare(fixture("plain.wav"), PlanTests.limits(), in: scratch) {
      $0.fadeIn = 0.5
      $0.fadeOut = 1
    }
    #expect(!plan.lossless && made.format == .wav)
    let source = try Signals.integers(of: fixture("plain.wav"))
    let faded = try Signals.integers(of: made.path)
    #expect(faded.count == source.count)
    #expect(Array(faded[2000..<22000]) == Array(source[2000..<22000]))
    for (index, sample) in faded.enumerated() { #expect(abs(Int(sample)) <= abs(Int(source[index])) + 65536) }
    func energy(_ samples: ArraySlice<Int32>) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
    #expect(energy(faded[..<500]) < 0.1 * energy(source[..<500]))
    #expect(energy(faded[25000...]) < 0.1 * energy(source[25000...]))
  }

  @Test("an mp3's part is as long as was asked for, to the sample")
  func mp3Cut() async throws {
    let scratch = try Scratch()
    let (_, made) = try await Self.prepare(fixture("recording.mp3"), PlanTests.limits(), in: scratch) {
      $0.start = 3
      $0.end = 9.5
    }
    #expect(made.seconds == 6.5)
    let source = try AudioBuffer(decoding: fixture("recording.mp3")).samples
    let part = try AudioBuffer(decoding: made.path).samples
    var error = 0.0
    var signal = 0.0
    for index in part.indices {
      let wanted = source[3 * 44100 * 2 + index]
      error += Double((wanted - part[index]) * (wanted - part[index]))
      signal += Double(wanted * wanted)
    }
    #expect(10 * log10(signal / error) > 15)
  }

  @Test("a recording over the maximum is cut to what every tool sees inside it")
  func trimmed() async throws {
    let scratch = try Scratch()
    let limits = PlanTests.limits(maximum: 5)
    let (_, wave) = try await Self.prepare(fixture("plain.wav"), limits, in: scratch)
    #expect(wave.seconds == 5)
    let (_, mp3) = try await Self.prepare(fixture("cbr.mp3"), limits, in: scratch)
    #expect(mp3.seconds > 4.8 && mp3.seconds <= 4.9)
    #expect(await inspect(path: mp3.path, limits: limits).reasons.isEmpty)
  }
}
