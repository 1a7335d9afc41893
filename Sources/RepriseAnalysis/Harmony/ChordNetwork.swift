import Foundation
import RepriseSystem

/// The learned chord model CREMA (McFee and Bello, "Structured training for large-vocabulary chord recognition", ISMIR
/// 2017).
///
/// Two constant-Q transforms of six octaves, from C1 and from C2, in decibels → convolution 5×5 → convolution over all
/// bins to 72 features → two bidirectional recurrent layers → pitch classes, root and bass → 170 chords.
struct ChordNetwork: Sendable {
  /// What the model hears, frame by frame, `ConstantQ.rate` frames per second.
  struct Posteriors: Sendable {
    /// Number of frames.
    let frames: Int
    /// Probabilities of the `labels.count` chords in each frame.
    let chords: [Float]
    /// Probabilities of the twelve pitch classes and none to be the bass, thirteen per frame.
    let bass: [Float]
  }

  /// A chord of the model's vocabulary.
  enum Label: Sendable, Hashable {
    /// A chord in root position.
    case chord(Chord)
    /// No chord, Harte's `N`.
    case none
    /// Something that is not in the vocabulary, Harte's `X`.
    case other
  }

  /// The chords in the order of the model's output: their labels with sharps, sorted by character.
  static let labels: [Label] = {
    let chords = (0..<12).flatMap { root in Chord.Quality.allCases.map { Chord(root: root, quality: $0) } }
    let named = chords.map { ($0.description, Label.chord($0)) } + [("N", .none), ("X", .other)]
    return named.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
  }()

  private static let bins = 216
  private static let features = 72
  private static let reach = 2
  private static let epsilon: Float = 1e-3

  private let channels: Normalisation
  private let local: [Float]
  private let localBias: Float
  private let smoothed: Normalisation
  private let wide: DenseLayer
  private let featured: Normalisation
  private let first: BidirectionalLayer
  private let between: Normalisation
  private let second: BidirectionalLayer
  private let pitch: DenseLayer
  private let root: DenseLayer
  private let bass: DenseLayer
  private let joined: Normalisation
  private let tag: DenseLayer

  /// Creates the network from its weights.
  ///
  /// - Throws: `WeightError` if a tensor is missing or has another shape.
  init(_ file: WeightFile) throws(WeightError) {
    let labels = Self.labels.count
    let joinedCount = 256 + 12 + 13 + 13
    channels = try Self.normalisation(file, 1, channels: 2)
    local = try file.tensor("conv2d_1.kernel", [5, 5, 2, 1]).values
    localBias = try file.tensor("conv2d_1.bias", [1]).values[0]
    smoothed = try Self.normalisation(file, 2, channels: 1)
    let kernel = try file.tensor("conv2d_2.kernel", [1, Self.bins, 1, Self.features])
    wide = DenseLayer(
      kernel: .init(shape: [Self.bins, Self.features], values: kernel.values),
      bias: try file.tensor("conv2d_2.bias", [Self.features]))
    featured = try Self.normalisation(file, 3, channels: Self.features)
    first = try Self.bidirectional(file, "gru_1", inputs: Self.features)
    between = try Self.normalisation(file, 4, channels: 256)
    second = try Self.bidirectional(file, "gru_2", inputs: 256)
    pitch = try Self.dense(file, "chord_pitch", 256, 12)
    root = try Self.dense(file, "chord_root", 256, 13)
    bass = try Self.dense(file, "chord_bass", 256, 13)
    joined = try Self.normalisation(file, 5, channels: joinedCount)
    tag = try Self.dense(file, "chord_tag", joinedCount, labels)
  }

  /// Listens to a recording.
  ///
  /// - Throws: `CancellationError`.
  func posteriors(of spectrum: ConstantQ, cancellation: Cancellation) throws -> Posteriors {
    try posteriors(of: Self.decibels(spectrum), frames: spectrum.frames, cancellation: cancellation)
  }

  /// Returns the output for two channels of `frames` rows of 216 values each, in decibels below the loudest.
  func posteriors(of input: [[Float]], frames: Int, cancellation: Cancellation) throws -> Posteriors {
    var rows = convolved(input, frames: frames)
    rows = wide(rows)
    Activation.rectify(&rows)
    featured.apply(to: &rows)
    try cancellation.check()
    rows = try first.states(of: rows, cancellation: cancellation)
    between.apply(to: &rows)
    rows = try second.states(of: rows, cancellation: cancellation)
    var (pitches, roots, basses) = (pitch(rows), root(rows), bass(rows))
    Activation.sigmoid(&pitches)
    Activation.softmax(&roots, width: 13)
    Activation.softmax(&basses, width: 13)
    var all: [Float] = []
    all.reserveCapacity(frames * 294)
    for frame in 0..<frames {
      all += rows[(frame * 256)..<((frame + 1) * 256)]
      all += pitches[(frame * 12)..<((frame + 1) * 12)]
      all += roots[(frame * 13)..<((frame + 1) * 13)]
      all += basses[(frame * 13)..<((frame + 1) * 13)]
    }
    joined.apply(to: &all)
    var chords = tag(all)
    Activation.softmax(&chords, width: Self.labels.count)
    return Posteriors(frames: frames, chords: chords, bass: basses)
  }

  /// Returns two channels of 216 bins, from C1 and from C2: decibels against the channel's loudest, at least −80.
  private static func decibels(_ spectrum: ConstantQ) -> [[Float]] {
    [0, ConstantQ.binsPerOctave].map { first in
      var values = [Float](repeating: 0, count: spectrum.frames * bins)
      var loudest: Float = 1e-5
      for frame in 0..<spectrum.frames {
        for bin in 0..<bins {
          let magnitude = max(1e-5, spectrum.magnitudes[frame * ConstantQ.bins + first + bin])
          loudest = max(loudest, magnitude)
          values[frame * bins + bin] = magnitude
        }
      }
      for index in values.indices { values[index] = max(-80, 20 * log10(values[index] / loudest)) }
      return values
    }
  }

  // Normalisation, 5×5 convolution with zeros around, rectification, normalisation: one channel of 216 bins.
  private func convolved(_ input: [[Float]], frames: Int) -> [Float] {
    let (bins, reach) = (Self.bins, Self.reach)
    let width = bins + 2 * reach
    var output = [Float](repeating: localBias, count: frames * bins)
    var padded = [Float](repeating: 0, count: (frames + 2 * reach) * width)
    for (channel, values) in input.enumerated() {
      for frame in 0..<frames {
        for bin in 0..<bins {
          padded[(frame + reach) * width + reach + bin] = channels(values[frame * bins + bin], channel: channel)
        }
      }
      for frame in 0..<frames {
        for row in 0..<5 {
          for column in 0..<5 {
            let weight = local[(row * 5 + column) * 2 + channel]
            let from = (frame + row) * width + column
            let to = frame * bins
            for bin in 0..<bins { output[to + bin] += weight * padded[from + bin] }
          }
        }
      }
    }
    Activation.rectify(&output)
    smoothed.apply(to: &output)
    return output
  }

  private static func normalisation(
    _ file: WeightFile, _ number: Int, channels: Int
  ) throws(WeightError) -> Normalisation {
    let name = "batch_normalization_\(number)."
    return Normalisation(
      gamma: try file.tensor(name + "gamma", [channels]).values,
      beta: try file.tensor(name + "beta", [channels]).values,
      mean: try file.tensor(name + "moving_mean", [channels]).values,
      variance: try file.tensor(name + "moving_variance", [channels]).values, epsilon: epsilon)
  }

  private static func dense(
    _ file: WeightFile, _ name: String, _ inputs: Int, _ outputs: Int
  ) throws(WeightError) -> DenseLayer {
    DenseLayer(
      kernel: try file.tensor(name + ".kernel", [inputs, outputs]), bias: try file.tensor(name + ".bias", [outputs]))
  }

  private static func bidirectional(
    _ file: WeightFile, _ name: String, inputs: Int
  ) throws(WeightError) -> BidirectionalLayer {
    func layer(_ direction: String) throws(WeightError) -> GatedRecurrentLayer {
      GatedRecurrentLayer(
        kernel: try file.tensor("\(name).\(direction).kernel", [inputs, 384]),
        recurrent: try file.tensor("\(name).\(direction).recurrent_kernel", [128, 384]),
        bias: try file.tensor("\(name).\(direction).bias", [384]))
    }
    return BidirectionalLayer(forward: try layer("forward"), backward: try layer("backward"))
  }
}
