import RepriseAudio
import ReprisePreparation
import Foundation
import TestSupport
import Testing

/// Several files in one, joined byte by byte.
@Suite("Several files in one")
struct JoinTests {
  /// A file of a form, and its samples.
  static func part(
    _ encoding: AudioEncoder.Encoding, seconds: Int, rate: Int, channels: Int, in scratch: Scratch
  ) throws -> (bytes: [UInt8], samples: [Int32]) {
    let path = scratch.path("part-\(UUID().uuidString)")
    try Signals.write(
      SalvageTests.music(seconds: seconds, rate: rate, channels: channels), encoding, rate: rate, channels: channels,
      to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return (try bytes(of: path), try Signals.integers(of: path))
  }

  static func prepare(
    _ source: String, to name: String, _ start: Double? = nil, _ end: Double? = nil, in scratch: Scratch
  )
    async throws -> (plan: Plan, path: String)
  {
    let preparer = AudioPreparer(limits: SalvageTests.limits, options: WholePartTests.options(start, end))
    let plan = try await preparer.plan(for: source).plan
    let made = try await ReprisePreparation.prepare(plan, to: scratch.path("\(name).\(plan.format.rawValue)"))
    return (plan, made.path)
  }

  @Test(
    "parts of one form are joined in order, with every sample",
    arguments: [(8000, 1), (44100, 2)],
    [AudioEncoder.Encoding.wav(bitsPerSample: 16), .flac(bitsPerSample: 16), .wav(bitsPerSample: 24)])
  func exact(form: (rate: Int, channels: Int), encoding: AudioEncoder.Encoding) async throws {
    let scratch = try Scratch()
    let parts = try [2, 1, 3].map {
      try Self.part(encoding, seconds: $0, rate: form.rate, channels: form.channels, in: scratch)
    }
    let source = try scratch.file("joined", parts.flatMap(\.bytes))
    let found = await inspect(path: source, limits: SalvageTests.limits)
    #expect(found.verdict == .preparable && abs((found.duration?.seconds ?? 0) - 6) < 0.01, "\(found.reasons)")
    let made = try await Self.prepare(source, to: "made", in: scratch)
    #expect(made.plan.lossless && made.plan.steps.first?.action == .mend, "\(made.plan.steps)")
    let all = parts.flatMap(\.samples)
    #expect(try Signals.integers(of: made.path) == all)
    // A part across a joint, and one inside the second.
    let cut = try await Self.prepare(source, to: "cut", 1, 4, in: scratch)
    let second = form.rate * form.channels
    #expect(try Signals.integers(of: cut.path) == Array(all[second..<4 * second]))
  }

  @Test("parts of other rates and channels become the richest form, and it is told")
  func richest() async throws {
    let scratch = try Scratch()
    let one = try Self.part(.wav(bitsPerSample: 16), seconds: 2, rate: 16000, channels: 1, in: scratch)
    let other = try Self.part(.wav(bitsPerSample: 16), seconds: 2, rate: 32000, channels: 2, in: scratch)
    let made = try await Self.prepare(
      try scratch.file("joined.wav", one.bytes + other.bytes), to: "made", in: scratch)
    guard case .joined(let facts)? = made.plan.steps.first?.detail else {
      Issue.record("\(made.plan.steps)")
      return
    }
    #expect(facts.sampleRates == [16000, 32000] && facts.channels == [1, 2] && !made.plan.lossless)
    let all = try AudioBuffer(decoding: made.path)
    #expect(all.sampleRate == 32000 && all.channels == 2 && abs(all.seconds - 4) < 0.001)
  }

  @Test("parts of which one is damaged, or of three and two channels, are refused", arguments: [true, false])
  func refused(isDamaged: Bool) async throws {
    let scratch = try Scratch()
    let one = try Self.part(.flac(bitsPerSample: 16), seconds: 2, rate: 16000, channels: 2, in: scratch)
    var other = try Self.part(
      .flac(bitsPerSample: 16), seconds: 2, rate: 16000, channels: isDamaged ? 2 : 3, in: scratch)
    if isDamaged { other.bytes[other.bytes.count / 2] ^= 0xFF }
    let source = try scratch.file("joined.flac", one.bytes + other.bytes)
    await #expect(throws: PreparationError.self) { _ = try await Self.prepare(source, to: "no", in: scratch) }
    #expect(try scratch.contents() == ["joined.flac"])
  }
}
