import Foundation
import RepriseSignal
import TestSupport
import Testing

@Suite("Relations of channels")
struct ChannelRelationsTests {
  private func relations(_ channels: [[Float]], every: Int = 1) -> ChannelRelations {
    var relations = ChannelRelations(channels: channels.count, every: every)
    let frames = channels[0].count
    for start in stride(from: 0, to: frames, by: 256) {
      let range = start..<min(start + 256, frames)
      var block: [Float] = []
      for frame in range { block += channels.map { $0[frame] } }
      let peaks = channels.map { samples -> Float in samples[range].map { abs($0) }.max() ?? 0 }
      relations.add(block.span, peaks: peaks)
    }
    return relations
  }

  private static func noise(_ seed: UInt64, _ level: Float = 0.5) -> [Float] {
    var random = Seeded(seed)
    return (0..<20000).map { _ in Float.random(in: -level...level, using: &random) }
  }

  private func pairs(_ pairs: [(Int, Int)]) -> [[Int]] { pairs.map { [$0.0, $0.1] } }

  @Test("equal, opposite and silent channels are found among any number", arguments: [2, 3, 5, 8])
  func exact(channels: Int) {
    let last = channels - 1
    var all = (0..<channels).map { Self.noise(UInt64($0) + 1) }
    #expect(pairs(relations(all).identical).isEmpty && relations(all).dead.isEmpty)
    all[last] = all[0]
    #expect(pairs(relations(all).identical) == [[0, last]] && pairs(relations(all).inverted).isEmpty)
    all[last] = all[0].map { -$0 }
    #expect(pairs(relations(all).inverted) == [[0, last]] && pairs(relations(all).identical).isEmpty)
    all[last] = all[0].map { _ in 0 }
    #expect(relations(all).dead == [last] && pairs(relations(all).inverted).isEmpty)
    // One sample of another value makes the difference, wherever it is.
    all[last] = all[0]
    all[last][19_999] += 0.001
    #expect(pairs(relations(all).identical).isEmpty)
  }

  @Test("a channel with the noise of an open input is silent beside a loud one, and not beside a faint one")
  func openInput() {
    #expect(relations([Self.noise(1), Self.noise(2, 0.000_05)]).dead == [1])
    #expect(relations([Self.noise(1, 0.001), Self.noise(2, 0.000_05)]).dead.isEmpty)
    #expect(relations([[0, 0], [0, 0]]).dead.isEmpty && pairs(relations([[0, 0], [0, 0]]).identical).isEmpty)
  }

  @Test("the correlation and the energy of the mean are those of the sums", arguments: [1, 4])
  func sums(every: Int) throws {
    let one = Self.noise(1)
    let other = zip(one, Self.noise(2)).map { first, second -> Float in 0.1 * second - 0.8 * first }
    let found = relations([one, other], every: every)
    // −0.8 / √(0.8² + 0.1²)
    let correlation = try #require(found.correlation(0, 1))
    #expect(abs(correlation + 0.9923) < 0.005)
    let ratio = try #require(found.mixRatio(of: [0, 1]))
    // ((1 − 0.8)² + 0.1²) / 4 against (1 + 0.65) / 2
    #expect(abs(ratio - 0.01515) < 0.001)
    #expect(relations([one, one.map { -$0 }]).mixRatio(of: [0, 1]) == 0)
    let equal = try #require(relations([one, one]).mixRatio(of: [0, 1]))
    let independent = try #require(relations([one, Self.noise(5)]).mixRatio(of: [0, 1]))
    #expect(abs(equal - 1) < 1e-9 && abs(independent - 0.5) < 0.02)
  }

  @Test("no more channels than can be compared are compared")
  func many() {
    let samples = [Float](repeating: 0.5, count: 300)
    let found = relations(Array(repeating: samples, count: 40))
    #expect(found.correlation(0, 1) == nil && found.mixRatio(of: [0, 1]) == nil && found.identical.isEmpty)
  }
}
