import Foundation

/// The periods that a beat may have, from the autocorrelation of an onset envelope.
struct Tempo: Sendable {
  /// Periods in frames of the envelope: the one that the autocorrelation favours, and those in simple ratios to it.
  let periods: [Double]

  /// The slowest and the fastest beat, in beats per minute.
  static let range = 38.0...220.0
  // The tempo that most beats are near (Parncutt 1994; Moelants 2002), and how far they lie from it, in octaves. The
  // metrical level is decided on more evidence later; see MetricalLevel.
  private static let preferred = 110.0
  private static let spread = 0.9
  private static let ratios = [1, 2, 0.5, 1.5, 2.0 / 3, 3, 1.0 / 3]

  init(envelope: [Float], rate: Double) {
    let slowest = rate * 60 / 40
    let correlation = Self.autocorrelation(envelope, lags: min(Int(slowest * 4) + 2, max(0, envelope.count - 1)))
    func at(_ lag: Double) -> Double {
      let index = Int(lag)
      guard index + 1 < correlation.count else { return 0 }
      let share = lag - Double(index)
      return correlation[index] * (1 - share) + correlation[index + 1] * share
    }
    var best = (period: rate * 60 / Self.preferred, score: -Double.infinity)
    var lag = rate * 60 / Self.range.upperBound
    while lag <= slowest {
      let octaves = log2(rate * 60 / lag / Self.preferred) / Self.spread
      let score = (at(lag) + at(2 * lag) / 2 + at(4 * lag) / 4) * exp(-0.5 * octaves * octaves)
      if score > best.score { best = (lag, score) }
      lag += 0.1
    }
    periods = Self.ratios.map { best.period * $0 }.filter { Self.range.contains(rate * 60 / $0) }
  }

  // Normalised so that lag 0 is 1, with the mean taken out.
  private static func autocorrelation(_ values: [Float], lags: Int) -> [Double] {
    guard values.count > 1 else { return [] }
    let mean = values.reduce(0, +) / Float(values.count)
    let centred = values.map { $0 - mean }
    let energy = centred.reduce(Float(0)) { $0 + $1 * $1 }
    guard energy > 0 else { return [] }
    return (0...lags).map { lag in
      var sum: Float = 0
      for index in 0..<(centred.count - lag) { sum += centred[index] * centred[index + lag] }
      return Double(sum / energy)
    }
  }
}
