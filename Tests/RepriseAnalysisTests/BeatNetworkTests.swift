import Foundation
import RepriseAnalysis
import RepriseSystem
import TestSupport
import Testing

/// The installed model; `nil` if it is missing or cannot be read.
private let network = LearnedModels.installed().beats

@Suite("BeatNet")
struct BeatNetworkTests {
  // What Tests/Oracles/beatnet_reference.py prints: frame; three bands and their rises; probabilities.
  private static let expected: [(Int, Double, Double, Double, Double, Double, Double, Double, Double)] = [
    (0, 1.18899, 0.13667, 0.01139, 0.00000, 0.00000, 0.00000, 0.06502, 0.04100),
    (1, 0.75012, 0.04684, 0.00354, 0.00000, 0.00000, 0.00000, 0.02226, 0.01186),
    (24, 0.27473, 0.01156, 0.00089, 0.27178, 0.01155, 0.00089, 0.12573, 0.80834),
    (25, 0.58801, 0.03645, 0.00287, 0.31328, 0.02490, 0.00198, 0.09424, 0.84279),
    (26, 0.27948, 0.01155, 0.00089, 0.00000, 0.00000, 0.00000, 0.12177, 0.52840),
    (50, 0.58878, 0.03640, 0.00287, 0.31312, 0.02486, 0.00198, 0.11063, 0.80880),
    (75, 0.58814, 0.03644, 0.00287, 0.31285, 0.02489, 0.00198, 0.20609, 0.66491),
    (100, 1.18902, 0.13666, 0.01139, 0.43302, 0.08983, 0.00785, 0.09712, 0.79643),
    (125, 0.58790, 0.03644, 0.00287, 0.31324, 0.02489, 0.00198, 0.04534, 0.88897),
    (151, 0.27892, 0.01154, 0.00088, 0.00000, 0.00000, 0.00000, 0.06721, 0.33283),
    (200, 1.18902, 0.13666, 0.01139, 0.43302, 0.08983, 0.00785, 0.16890, 0.68756),
    (226, 0.27941, 0.01155, 0.00089, 0.00000, 0.00000, 0.00000, 0.04025, 0.51952),
    (250, 0.58878, 0.03640, 0.00287, 0.31312, 0.02486, 0.00198, 0.16642, 0.72793),
    (276, 0.27853, 0.01155, 0.00089, 0.00000, 0.00000, 0.00000, 0.04761, 0.38491),
    (299, 0.00723, 0.00022, 0.00002, 0.00704, 0.00022, 0.00002, 0.09701, 0.09460),
  ]

  @Test("bands and their rises are those of the original, frame by frame")
  func features() {
    let features = BeatFeatures(of: Self.signal)
    #expect(features.frames == 300)
    var rows: [Float] = []
    features.forEachBlock(of: 64) { rows += $0 }
    #expect(rows.count == features.frames * BeatFeatures.count)
    for row in Self.expected {
      let heard = [20, 70, 120, 20 + BeatFeatures.bands, 70 + BeatFeatures.bands, 120 + BeatFeatures.bands].map {
        Double(rows[row.0 * BeatFeatures.count + $0])
      }
      for (one, other) in zip(heard, [row.1, row.2, row.3, row.4, row.5, row.6]) { #expect(abs(one - other) < 1e-4) }
    }
  }

  @Test(
    "probabilities are those of the original within what its weights are rounded to", .takesLong,
    .enabled(if: network != nil, "the model is not installed: scripts/models"))
  func probabilities() throws {
    let network = try #require(network)
    let heard = try network.activations(of: BeatFeatures(of: Self.signal), cancellation: Cancellation())
    #expect(heard.beat.count == 300 && heard.downbeat.count == 300)
    for row in Self.expected {
      #expect(abs(Double(heard.beat[row.0]) - row.7) < 0.01, "frame \(row.0)")
      #expect(abs(Double(heard.downbeat[row.0]) - row.8) < 0.01, "frame \(row.0)")
    }
  }

  // Six seconds of plucked tones, two a second, every fourth an octave higher and louder.
  private static let signal: [Float] = {
    let rate = 22050
    var samples = [Double](repeating: 0, count: 6 * rate)
    for beat in 0..<12 {
      let (pitch, level) = beat.isMultiple(of: 4) ? (440.0, 0.6) : (220.0, 0.3)
      for index in 0..<min(rate, samples.count - beat * rate / 2) {
        let time = Double(index) / Double(rate)
        samples[beat * rate / 2 + index] += level * exp(-8 * time) * sin(2 * Double.pi * pitch * time)
      }
    }
    return samples.map { Float($0) }
  }()
}
