import Foundation
import RepriseAnalysis
import RepriseSystem
import TestSupport
import Testing

private let installed = LearnedModels.installed()

@Suite("The note network")
struct NoteNetworkTests {
  // What Tests/Oracles/basic_pitch_reference.py prints: the frame; that each note sounds, that it begins.
  private static let expected: [(frame: Int, values: [Double])] = [
    (0, [0.6029, 0.1271, 0.1359, 0.1233, 0.6382, 0.1492, 0.0929, 0.1302]),
    (4, [0.8485, 0.0989, 0.1082, 0.1016, 0.1573, 0.0959, 0.0793, 0.0793]),
    (12, [0.7590, 0.1030, 0.1031, 0.0973, 0.1153, 0.0976, 0.0812, 0.0735]),
    (30, [0.7326, 0.1002, 0.0987, 0.0974, 0.1001, 0.1145, 0.0852, 0.0837]),
    (42, [0.1353, 0.5997, 0.0945, 0.0965, 0.1531, 0.9264, 0.1297, 0.1166]),
    (45, [0.1045, 0.8526, 0.0959, 0.0952, 0.0848, 0.3901, 0.1022, 0.0655]),
    (60, [0.0975, 0.7571, 0.0943, 0.1095, 0.0864, 0.0899, 0.0926, 0.0947]),
    (80, [0.0993, 0.4424, 0.1010, 0.0999, 0.0889, 0.2153, 0.1013, 0.0681]),
    (87, [0.0989, 0.1030, 0.8023, 0.1012, 0.0849, 0.1160, 0.8830, 0.1287]),
    (100, [0.0976, 0.0922, 0.7944, 0.0978, 0.0916, 0.0688, 0.0934, 0.0839]),
    (120, [0.1019, 0.0980, 0.6220, 0.0992, 0.1089, 0.0946, 0.0731, 0.0998]),
    (131, [0.1019, 0.0953, 0.0963, 0.8626, 0.0702, 0.0697, 0.0843, 0.3935]),
    (140, [0.0989, 0.0983, 0.0955, 0.7586, 0.0934, 0.0913, 0.0941, 0.1011]),
    (160, [0.1069, 0.0997, 0.0969, 0.7031, 0.0643, 0.0922, 0.1147, 0.0511]),
    (171, [0.1310, 0.1310, 0.1304, 0.2229, 0.0924, 0.0973, 0.0869, 0.0694]),
  ]
  private static let pitches = [60, 64, 67, 71]

  @Test(
    "probabilities are those of the original graph within what its weights are rounded to", .takesLong,
    .enabled(if: installed.weights[.notes] != nil, "the model is not installed: scripts/models"))
  func probabilities() throws {
    let network = try NoteNetwork(#require(installed.weights[.notes]))
    let heard = try network.activations(of: Self.signal, levelsWithin: 172, cancellation: Cancellation())
    let width = NoteNetwork.pitches.count
    #expect(heard.notes.count == 172 * width && heard.onsets.count == 172 * width)
    for (frame, values) in Self.expected {
      for (index, pitch) in Self.pitches.enumerated() {
        let place = frame * width + pitch - NoteNetwork.pitches.lowerBound
        #expect(abs(Double(heard.notes[place]) - values[index]) < 0.01, "note \(pitch), frame \(frame)")
        #expect(abs(Double(heard.onsets[place]) - values[index + 4]) < 0.01, "onset of \(pitch), frame \(frame)")
      }
    }
  }

  @Test(
    "blocks of frames join without a seam: a recording moved by whole frames gives the same", .takesLong,
    .enabled(if: installed.weights[.notes] != nil, "the model is not installed: scripts/models"))
  func seams() throws {
    let network = try NoteNetwork(#require(installed.weights[.notes]))
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

  @Test(
    "weights of another model are refused", .enabled(if: installed.weights[.notes] != nil, "the model is not installed")
  )
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
