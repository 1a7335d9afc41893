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
    (-3.8923, 1.7509),  // held
    (-1.5279, 0.9207),  // pulse
    (-1.6416, 0.6765),  // diversity
    (2.5921, 0.8928),  // notes
    (0.0580, 0.1580),  // static
    (0.4942, 0.3170),  // semitones
    (2.2661, 1.0842),  // births
    (0.3282, 0.1972),  // syllables
    (0.2307, 0.2375),  // pauses
    (-1.9435, 0.9776),  // flatness
    (0.5783, 0.4524),  // flatnessSpread
    (0.4331, 0.3830),  // dynamics
    (0.3914, 0.2066),  // movement
  ]
  private static let held: (offset: Double, slopes: [Double]) = (
    -2.1872,
    [
      2.9360, -0.5896, 0.6497, 0.6024, -0.7908, 1.4472, 0.3729,
      -1.2927, 1.0715, -1.5190, -0.0283, -0.9322, -0.5446,
    ]
  )
  private static let beaten: (offset: Double, slopes: [Double]) = (
    -1.8818,
    [
      -0.1520, 3.7556, 2.6182, 1.4173, -0.8063, 1.3661, 0.1964,
      0.0268, -0.5133, 0.6355, -0.8761, -0.1643, -1.2095,
    ]
  )
}
