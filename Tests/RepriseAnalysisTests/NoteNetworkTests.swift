import Foundation
import RepriseAnalysis
import RepriseSystem
import TestSupport
import Testing

/// The installed model; `nil` if it is missing or cannot be read.
private let network = LearnedModels.installed().notes

@Suite("The note network")
struct NoteNetworkTests {
  // What Tests/Oracles/basic_pitch_reference.py prints: the frame; that each note sounds, that it begins.
  private static let expected: [(frame: Int, values: [Double])] = [
    (0, [0.5896, 0.1256, 0.1425, 0.1212, 0.6311, 0.1284, 0.0978, 0.1093]),
    (4, [0.8470, 0.0980, 0.1156, 0.1028, 0.1473, 0.0853, 0.0722, 0.0788]),
    (12, [0.7658, 0.1023, 0.1055, 0.0982, 0.1254, 0.0942, 0.0840, 0.0848]),
    (30, [0.7561, 0.0993, 0.1032, 0.0964, 0.0966, 0.1157, 0.0852, 0.0822]),
    (42, [0.1378, 0.5970, 0.0963, 0.0979, 0.1404, 0.9274, 0.1373, 0.1053]),
    (45, [0.1038, 0.8604, 0.0958, 0.0958, 0.0899, 0.4534, 0.1137, 0.0616]),
    (60, [0.0976, 0.7843, 0.0959, 0.1051, 0.0885, 0.0902, 0.0940, 0.0978]),
    (80, [0.0995, 0.4630, 0.1011, 0.1024, 0.0931, 0.2126, 0.1073, 0.0694]),
    (87, [0.1003, 0.1052, 0.8105, 0.1006, 0.0849, 0.1136, 0.8971, 0.1240]),
    (100, [0.0973, 0.0926, 0.7915, 0.0979, 0.0944, 0.0676, 0.0896, 0.0851]),
    (120, [0.1018, 0.0977, 0.6290, 0.0992, 0.1010, 0.0792, 0.0799, 0.0974]),
    (131, [0.1019, 0.0969, 0.0963, 0.8606, 0.0698, 0.0698, 0.0854, 0.4542]),
    (140, [0.0991, 0.0996, 0.0950, 0.7667, 0.0936, 0.0901, 0.0975, 0.1109]),
    (160, [0.1071, 0.1009, 0.0961, 0.7042, 0.0633, 0.0839, 0.1144, 0.0514]),
    (171, [0.1309, 0.1310, 0.1304, 0.2300, 0.0924, 0.0973, 0.0869, 0.0697]),
  ]
  private static let pitches = [60, 64, 67, 71]

  @Test(
    "probabilities are those of the original graph with its weights rounded to 16 bits", .takesLong,
    .enabled(if: network != nil, "the model is not installed: scripts/models"))
  func probabilities() throws {
    let network = try #require(network)
    let heard = try network.activations(of: Self.signal, levelsWithin: 172, cancellation: Cancellation())
    let width = NoteNetwork.pitches.count
    #expect(heard.notes.count == 172 * width && heard.onsets.count == 172 * width)
    for (frame, values) in Self.expected {
      for (index, pitch) in Self.pitches.enumerated() {
        let place = frame * width + pitch - NoteNetwork.pitches.lowerBound
        #expect(abs(Double(heard.notes[place]) - values[index]) < 0.002, "note \(pitch), frame \(frame)")
        #expect(abs(Double(heard.onsets[place]) - values[index + 4]) < 0.002, "onset of \(pitch), frame \(frame)")
      }
    }
  }

  @Test(
    "blocks of frames join without a seam: a recording moved by whole frames gives the same", .takesLong,
    .enabled(if: network != nil, "the model is not installed: scripts/models"))
  func seams() throws {
    let network = try #require(network)
    let width = NoteNetwork.pitches.count
    let silence = [Float](repeating: 0, count: 150 * 256)
    let early = try network.activations(of: silence + Self.signal + silence + silence, cancellation: Cancellation())
    let late = try network.activations(of: silence + silence + Self.signal + silence, cancellation: Cancellation())
    for frame in 100..<400 {
      for pitch in 0..<width {
        let (one, other) = (early.notes[frame * width + pitch], late.notes[(frame + 150) * width + pitch])
        #expect(abs(one - other) < 0.002, "pitch \(pitch), frame \(frame)")
      }
    }
  }

  @Test("weights of another model are refused")
  func others() {
    #expect(throws: WeightError.missing(name: "cqt.real")) { try NoteNetwork(WeightFile(tensors: [:])) }
  }

  // Two seconds: four plucked tones of four partials.
  private static let signal: [Float] = (0..<43844).map { index in
    var sum = 0.0
    for (number, pitch) in pitches.enumerated() {
      let time = Double(index - number * 11025) / 22050
      guard time >= 0, time < 0.45 else { continue }
      let frequency = 440 * pow(2, Double(pitch - 69) / 12)
      let partials = (1...4).reduce(0.0) { $0 + sin(2 * Double.pi * frequency * Double($1) * time) / Double($1) }
      sum += 0.4 * partials * exp(-3 * time) * min(1, time / 0.01)
    }
    return Float(sum)
  }
}
