import Foundation

/// The period of the beat, from the autocorrelation of the onset envelope.
struct Tempo: Sendable {
  /// Beat period in frames of the onset envelope.
  let period: Double
  /// Strength of the period in the autocorrelation of the envelope, 0…1.
  let strength: Double

  static let slowest = 50.0
  static let fastest = 210.0
  // The preferred tempo of listeners (Parncutt 1994; Moelants 2002).
  private static let preferred = 110.0
  private static let spread = 0.7

  init(envelope: [Float], rate: Double) {
    let values = Self.withoutTrend(envelope, rate: rate)
    let longest = Int(rate * 60 / Self.slowest * 4) + 2
    let correlation = Self.autocorrelation(values, lags: min(longest, max(0, values.count - 1)))
    func at(_ lag: Double) -> Double {
      let index = Int(lag)
      guard index + 1 < correlation.count else { return 0 }
      let share = lag - Double(index)
      return correlation[index] * (1 - share) + correlation[index + 1] * share
    }
    var best = (period: rate * 60 / Self.preferred, score: 0.0)
    var lag = rate * 60 / Self.fastest
    while lag <= rate * 60 / Self.slowest {
      let octaves = log2(rate * 60 / lag / Self.preferred)
      let prior = exp(-0.5 * (octaves / Self.spread) * (octaves / Self.spread))
      let score = (at(lag) + at(2 * lag) / 2 + at(4 * lag) / 4) * prior
      if score > best.score { best = (lag, score) }
      lag += 0.1
    }
    period = best.period
    strength = max(0, min(1, at(best.period)))
  }

  // The residual after subtraction of the mean over half a second: an envelope that swells with the music has no period
  // of its own.
  private static func withoutTrend(_ values: [Float], rate: Double) -> [Float] {
    let reach = Int(rate / 2)
    var sums: [Float] = [0]
    for value in values { sums.append((sums.last ?? 0) + value) }
    return values.indices.map { index in
      let from = max(0, index - reach)
      let to = min(values.count, index + reach + 1)
      return max(0, values[index] - (sums[to] - sums[from]) / Float(to - from))
    }
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
