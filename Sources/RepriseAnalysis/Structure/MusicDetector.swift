import Foundation
import RepriseSystem

/// The probability that a recording is music at all, by two logistic models: of held notes and of a beat.
struct MusicDetector: Sendable {
  /// Mean over the recording of the probability of each ten seconds, 0…1.
  let probability: Double

  // Duration of the stretches that are judged, in seconds.
  private static let span = 10.0
  // Standard deviations beyond which a figure says no more.
  private static let limit = 4.0

  /// Judges a recording.
  ///
  /// - Parameters:
  ///   - signal: Samples at `Hearing.sampleRate`, the loudest at 1.
  ///   - texture: Level and spectral shape of the recording.
  ///   - salience: Salience of the melody's pitches in the recording.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(
    _ signal: [Float], texture: SoundTexture, salience: MelodySalience, cancellation: Cancellation
  ) throws {
    let partials = try SteadyPartials(of: signal, cancellation: cancellation)
    let seconds = Double(signal.count) / Hearing.sampleRate
    let count = max(1, Int((seconds / Self.span).rounded()))
    let length = min(Self.span, seconds)
    var sum = 0.0
    for index in 0..<count {
      try cancellation.check()
      let start = count > 1 ? (seconds - length) * Double(index) / Double(count - 1) : 0
      let evidence = MusicEvidence(texture, partials, salience, from: start, to: start + length)
      sum += Self.probability(evidence.values)
    }
    probability = sum / Double(count)
  }

  // Music holds notes or has a beat: either is enough, so the probabilities of none are multiplied.
  private static func probability(_ values: [Double]) -> Double {
    var none = 1.0
    for unit in [held, beaten] {
      var sum = unit.offset
      for (index, value) in values.enumerated() {
        let scaled = (value - scales[index].mean) / scales[index].deviation
        sum += unit.slopes[index] * max(-limit, min(limit, scaled))
      }
      none /= 1 + exp(sum)
    }
    return 1 - none
  }

  // Fitted by Benchmarks/music-or-not/fit.py.
  private static let scales: [(mean: Double, deviation: Double)] = [
    (-2.0553, 1.4575),  // scale
    (-3.8087, 1.7258),  // held
    (2.6288, 0.8673),  // notes
    (0.0517, 0.1485),  // static
    (0.4952, 0.3095),  // semitones
    (-1.9782, 0.9237),  // flatness
    (0.4373, 0.3641),  // dynamics
    (-1.6849, 0.8666),  // levels
    (-1.1140, 0.7936),  // repetition
    (1.1721, 0.4257),  // figure
    (-1.5639, 0.6691),  // diversity
    (0.4021, 0.1975),  // movement
    (0.3354, 0.1928),  // syllables
  ]
  private static let held: (offset: Double, slopes: [Double]) = (
    -1.0819, [1.7972, 2.1081, 0.9042, -0.9660, 1.9464, -0.9845, -0.7336, 0, 0, 0, 0, 0, -1.4298]
  )
  private static let beaten: (offset: Double, slopes: [Double]) = (
    -4.3958, [0, 0, 0, 0, 0, 0, 0, 2.1012, 2.5188, 1.3539, 1.6658, -2.1762, 0.2167]
  )
}
