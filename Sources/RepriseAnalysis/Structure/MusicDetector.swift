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
    (-2.1205, 1.4482),  // scale
    (-3.9014, 1.7194),  // held
    (2.5641, 0.9215),  // notes
    (0.0604, 0.1662),  // static
    (0.4947, 0.3074),  // semitones
    (-1.9777, 0.9296),  // flatness
    (0.4497, 0.3737),  // dynamics
    (-1.7638, 0.9184),  // levels
    (-1.2423, 0.9277),  // repetition
    (1.1877, 0.4131),  // figure
    (-1.5764, 0.6679),  // diversity
    (0.3291, 0.1950),  // syllables
  ]
  private static let held: (offset: Double, slopes: [Double]) = (
    -1.2356, [1.6114, 1.9227, 1.0620, -1.4387, 1.9272, -0.9797, -0.9160, 0, 0, 0, 0, -1.2693]
  )
  private static let beaten: (offset: Double, slopes: [Double]) = (
    -5.1601, [0, 0, 0, 0, 0, 1.4877, -1.7349, 2.1351, 3.0173, 1.1280, 0.7993, 0.2805]
  )
}
