import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Findings about levels and channels")
struct LevelFindingTests {
  /// An encoding of a source.
  enum Source: CaseIterable, Sendable {
    case wav16, wav24, wavFloat, flac16, flac24

    var encoding: AudioEncoder.Encoding {
      switch self {
      case .wav16: .wav(bitsPerSample: 16)
      case .wav24: .wav(bitsPerSample: 24)
      case .wavFloat: .wavFloat
      case .flac16: .flac(bitsPerSample: 16)
      case .flac24: .flac(bitsPerSample: 24)
      }
    }
  }

  private static func inspected(_ samples: [Float], channels: Int = 1, _ source: Source) async throws -> Inspection {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let path = try scratch.file("x")
    var encoder = try AudioEncoder(path: path, encoding: source.encoding, sampleRate: 22050, channels: channels)
    try encoder.write(samples)
    try encoder.finish()
    return await inspect(path: path, limits: AudioLimits(minimumSeconds: 0), deep: true)
  }

  /// Three seconds of tones of a peak of nearly 1.
  private static let tones: [Double] = (0..<66150).map { frame -> Double in
    let turn = Double(frame)
    return 0.6 * sin(turn * 0.0721) + 0.39 * sin(turn * 0.733)
  }

  /// The tones times a level.
  private static func scaled(_ level: Double) -> [Float] { tones.map { Float($0 * level) } }

  /// The tones, amplified and cut off at a ceiling.
  private static func cutOff(_ ceiling: Double) -> [Float] {
    tones.map { tone -> Float in
      let sample: Double = min(max(2 * tone, -1), 1)
      return Float(sample * ceiling)
    }
  }

  @Test("floats over full scale are headroom unless they are flat", arguments: [1.05, 3.2, 1e6])
  func headroom(peak: Double) async throws {
    let found = try await Self.inspected(Self.scaled(peak / 0.99), .wavFloat)
    #expect(found.verdict == .ready && found.reasons.isEmpty)
    guard case .overFullScale(let over)? = found.levels.first else {
      Issue.record("\(found.levels)")
      return
    }
    #expect(abs(over - peak) < 0.01 * peak && found.signal?.clippedShare == 0 && found.signal?.clippedLevel == nil)
    let flat = try await Self.inspected(Self.cutOff(peak), .wavFloat)
    let isHeadroom = flat.levels.contains { if case .overFullScale = $0 { true } else { false } }
    #expect(flat.reasons.map(\.code) == [.clipped] && !isHeadroom)
    guard case .clipped(let share, let runs?)? = flat.reasons.first?.finding else {
      Issue.record("\(flat.reasons)")
      return
    }
    #expect(share > 0.2 && runs.count > 100 && abs((runs.level ?? 0) - peak) < 1e-5 * peak)
  }

  @Test("flat tops count at full scale and under it, in every encoding", arguments: Source.allCases, [0.5, 1.0])
  func clipped(source: Source, ceiling: Double) async throws {
    let flat = try await Self.inspected(Self.cutOff(ceiling), source)
    guard case .clipped(let share, let runs?)? = flat.reasons.first?.finding else {
      Issue.record("\(flat.reasons)")
      return
    }
    #expect(share > 0.2 && runs.first.start < 0.1 && (runs.level == nil) == (ceiling == 1))
    let whole = try await Self.inspected(Self.scaled(ceiling), source)
    #expect(whole.reasons.isEmpty && whole.signal?.clippedRuns == 0)
  }

  @Test(
    "a faint take is quiet where its encoding resolves it, and silent where it does not", arguments: Source.allCases)
  func quiet(source: Source) async throws {
    let found = try await Self.inspected(Self.scaled(0.000_056), source)
    if source == .wav16 || source == .flac16 {
      #expect(found.verdict == .rejected && found.reasons.map(\.code) == [.silent])
    } else {
      #expect(found.verdict == .ready && found.reasons.isEmpty)
      #expect(found.levels.contains { if case .quiet(let peak) = $0 { peak < 0.000_06 } else { false } })
    }
    let louder = try await Self.inspected(Self.scaled(0.002), source)
    #expect(louder.levels.contains { if case .quiet = $0 { true } else { false } })
    let loud = try await Self.inspected(Self.scaled(0.004), source)
    #expect(loud.levels.isEmpty && loud.verdict == .ready)
  }

  @Test("silent, equal and inverted channels are told with their numbers", arguments: Source.allCases)
  func channels(source: Source) async throws {
    func found(_ frame: (Float, Float) -> [Float]) async throws -> (Inspection, Inspection.ChannelFigures) {
      let half = Self.scaled(0.5)
      let other = (0..<half.count).map { Float(0.4 * sin(Double($0) * 0.1234)) }
      let samples = zip(half, other).flatMap { frame($0, $1) }
      let found = try await Self.inspected(samples, channels: samples.count / Self.tones.count, source)
      #expect(found.verdict == .ready && found.reasons.isEmpty)
      return (found, try #require(found.signal?.channels))
    }
    let dead = try await found { tone, _ in [tone, 0] }
    #expect(
      dead.1.silent == [2] && dead.1.correlation == nil && dead.0.levels == [.silentChannels([2], of: 2)])
    let equal = try await found { tone, _ in [tone, tone] }
    #expect(equal.1.correlation == 1 && equal.0.levels == [.identicalChannels(1, 2)])
    let inverted = try await found { tone, _ in [tone, -tone] }
    #expect(inverted.1.correlation == -1 && inverted.0.levels == [.invertedChannels(1, 2, loss: nil)])
    let almost = try await found { tone, _ in [tone, -0.9 * tone] }
    guard case .invertedChannels(1, 2, let loss?)? = almost.0.levels.first else {
      Issue.record("\(almost.0.levels)")
      return
    }
    // (0.05 / 2)² against (0.5² + 0.45²) / 2
    #expect(abs(loss - 25.59) < 0.05)
    let other = try await found { tone, other in [tone, other] }
    #expect(abs(other.1.correlation ?? 1) < 0.05 && other.0.levels.isEmpty)
    let six = try await found { tone, other in [tone, 0.5 * tone, 0, 0.5 * tone, -tone, other] }
    #expect(
      six.0.levels == [
        .silentChannels([3], of: 6), .identicalChannels(2, 4), .invertedChannels(1, 5, loss: nil),
      ])
    let mono = try await Self.inspected(Self.scaled(1), source)
    #expect(mono.signal != nil && mono.signal?.channels == nil)
  }

  @Test("figures of channels survive being stored")
  func stored() async throws {
    let samples = Self.scaled(1).flatMap { [$0, -$0] }
    let found = try await Self.inspected(samples, channels: 2, .wav24)
    let back = try JSONDecoder().decode(Inspection.self, from: JSONEncoder().encode(found))
    #expect(back.signal == found.signal && back.signal?.channels?.inverted == [.init(first: 1, second: 2)])
  }
}

extension Inspection {
  /// Findings about the samples, without those about chunks and blocks beside them.
  fileprivate var levels: [Finding] {
    integrity.problems.filter { finding in
      switch finding {
      case .wave, .flac, .mp3: false
      default: true
      }
    }
  }
}
