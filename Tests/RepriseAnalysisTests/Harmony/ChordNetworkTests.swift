import Foundation
import RepriseAnalysis
import RepriseSystem
import Testing

/// The installed model; `nil` if it is missing or cannot be read.
private let network = LearnedModels.installed().chords

@Suite("The learned chord model")
struct ChordNetworkTests {
  @Test("its chords are in the order of their labels")
  func labels() {
    #expect(ChordNetwork.labels.count == 170)
    #expect(Set(ChordNetwork.labels).count == 170)
    #expect(ChordNetwork.labels[0] == .chord(Chord(root: 10, quality: .dominantSeventh)))
    #expect(ChordNetwork.labels[14] == .chord(Chord(root: 9, quality: .dominantSeventh)))
    #expect(ChordNetwork.labels[47] == .chord(Chord(root: 1, quality: .major)))
    #expect(ChordNetwork.labels[168] == .none)
    #expect(ChordNetwork.labels[169] == .other)
  }

  // What the authors' graph says with weights of 16 bits: Tests/Oracles/check_chord_network.py.
  private static let expected: [(frame: Int, chords: [Int: Float], bass: [Float])] = [
    (
      0, [42: 0.11142, 52: 0.08239, 140: 0.05862, 10: 0.05350],
      [
        0.12087, 0.22851, 0.02814, 0.13717, 0.01415, 0.06076, 0.02799, 0.03330, 0.06872, 0.00691, 0.21848, 0.04129,
        0.01371,
      ]
    ),
    (
      11, [42: 0.21650, 140: 0.07143, 47: 0.06667, 50: 0.06638],
      [
        0.12951, 0.39361, 0.05091, 0.12491, 0.01270, 0.06034, 0.02338, 0.03447, 0.06021, 0.01149, 0.03314, 0.04224,
        0.02308,
      ]
    ),
    (
      23, [47: 0.10044, 42: 0.07640, 168: 0.07291, 140: 0.06354],
      [
        0.06170, 0.22886, 0.04252, 0.11389, 0.01071, 0.05554, 0.03006, 0.03741, 0.20124, 0.04859, 0.06218, 0.03192,
        0.07537,
      ]
    ),
  ]

  @Test(
    "its output is that of its authors' graph",
    .enabled(if: network != nil, "CREMA's weights are missing: scripts/models"))
  func output() throws {
    let network = try #require(network)
    let frames = 24
    let input = (0..<2).map { channel -> [Float] in
      (0..<(frames * 216)).map { index in
        let place = (2 * index + channel) * 40503 % 65536
        return -80 * Float(place) / 65536
      }
    }
    let heard = try network.posteriors(of: input, frames: frames, cancellation: Cancellation())
    #expect(heard.frames == frames && heard.chords.count == frames * 170 && heard.bass.count == frames * 13)
    for (frame, chords, bass) in Self.expected {
      for (label, probability) in chords { #expect(abs(heard.chords[frame * 170 + label] - probability) < 2e-5) }
      for (index, probability) in bass.enumerated() {
        #expect(abs(heard.bass[frame * 13 + index] - probability) < 2e-5)
      }
      let sum = heard.chords[(frame * 170)...].prefix(170).reduce(0, +)
      #expect(abs(sum - 1) < 1e-4)
    }
  }

  @Test("weights that are not the model's are refused, with the tensor's name")
  func wrong() {
    #expect(throws: WeightError.missing(name: "batch_normalization_1.gamma")) {
      try ChordNetwork(WeightFile(tensors: [:]))
    }
    let gamma = WeightFile.Tensor(shape: [3], values: [1, 2, 3])
    #expect(throws: WeightError.shape(name: "batch_normalization_1.gamma", found: [3], expected: [2])) {
      try ChordNetwork(WeightFile(tensors: ["batch_normalization_1.gamma": gamma]))
    }
  }
}
