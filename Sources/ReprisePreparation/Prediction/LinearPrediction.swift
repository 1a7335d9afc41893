import Foundation

/// The linear predictor that FLAC's reference encoder finds at its default level: autocorrelation of the block under a
/// tapered cosine window, Levinson and Durbin's recursion up to order 8, the order by the expected bits, quantized
/// coefficients (RFC 9639 §9.2.6 for what is stored).
struct LinearPredictor {
  /// Coefficients of one predictor, the nearest sample's first.
  struct Quantized {
    /// 1…8 integers.
    var coefficients: [Int32]
    /// How far a prediction is shifted down.
    var shift: Int
    /// Bits of a coefficient.
    var precision: Int
    /// Whether so little is left that rounding errors in the sums decide about it: under 2⁻²⁸ of the power.
    var isDelicate = false
  }

  static let mostOrder = 8

  private var window: [Float] = []
  private var windowed: [Double] = []

  /// The best predictor for a block; `nil` where none gains anything.
  ///
  /// - Parameters:
  ///   - samples: the block.
  ///   - width: the samples' bits.
  ///   - precision: bits of a coefficient.
  mutating func predictor(_ samples: [Int32], count: Int, width: Int, precision: Int) -> Quantized? {
    let highest = min(LinearPredictor.mostOrder, count - 1)
    guard highest > 0 else { return nil }
    let correlation = correlate(samples, count: count)
    guard correlation[0] > 0 else { return nil }
    let (errors, sets) = LinearPredictor.recursion(correlation, highest: highest)
    guard !errors.isEmpty else { return nil }
    let scale = 0.5 / Double(count)
    func expected(_ error: Double) -> Double { error > 0 ? max(0.5 * log2(scale * error), 0) : 0 }
    var best = 0
    var least = Double.infinity
    for (index, error) in errors.enumerated() {
      let bits = expected(error) * Double(count - index - 1) + Double((index + 1) * (width + precision))
      if bits < least {
        least = bits
        best = index
      }
    }
    guard expected(errors[best]) < Double(width) else { return nil }
    var kept = precision
    if width <= 17 { kept = min(kept, 32 - width - (Int.bitWidth - 1 - (best + 1).leadingZeroBitCount)) }
    var found = LinearPredictor.quantize(sets[best], precision: kept)
    found?.isDelicate = errors[best] < correlation[0] * 0x1p-28
    return found
  }

  /// Lags 0…8 of the windowed block.
  private mutating func correlate(_ samples: [Int32], count: Int) -> [Double] {
    if window.count != count { window = LinearPredictor.taper(count) }
    let pad = LinearPredictor.mostOrder
    if windowed.count != count + pad { windowed = Array(repeating: 0, count: count + pad) }
    // In single precision like the encoder's: what is almost perfectly predictable depends on it.
    for index in 0..<count { windowed[pad + index] = Double(Float(samples[index]) * window[index]) }
    var near = SIMD8<Double>.zero
    var history = SIMD8<Double>.zero
    let all = windowed.span
    // Lags 1…8 at once: the last eight samples move through the vector.
    var zero = 0.0
    for index in pad..<pad + count {
      let value = all[index]
      zero += value * value
      near += history * value
      history = SIMD8(value, history[0], history[1], history[2], history[3], history[4], history[5], history[6])
    }
    return [zero] + (0..<pad).map { near[$0] }
  }

  /// Tukey's window with half of it tapered.
  private static func taper(_ count: Int) -> [Float] {
    var window = [Float](repeating: 1, count: count)
    let ramp = Int(0.25 * Double(count)) - 1
    guard ramp > 0 else { return window }
    for index in 0...ramp {
      window[index] = Float(0.5 - 0.5 * cos(.pi * Double(index) / Double(ramp)))
      window[count - ramp - 1 + index] = Float(0.5 - 0.5 * cos(.pi * Double(index + ramp) / Double(ramp)))
    }
    return window
  }

  /// Levinson and Durbin: for each order what is left, and the coefficients.
  private static func recursion(
    _ correlation: [Double], highest: Int
  ) -> (errors: [Double], sets: [[Double]]) {
    var error = correlation[0]
    var set: [Double] = []
    var errors: [Double] = []
    var sets: [[Double]] = []
    for order in 0..<highest {
      var reflection = -correlation[order + 1]
      for index in 0..<order { reflection -= set[index] * correlation[order - index] }
      reflection /= error
      let before = set
      for index in 0..<order { set[index] += reflection * before[order - 1 - index] }
      set.append(reflection)
      error *= 1 - reflection * reflection
      errors.append(error)
      sets.append(set.map { Double(Float(-$0)) })
      if error == 0 { break }
    }
    return (errors, sets)
  }

  private static func quantize(_ values: [Double], precision: Int) -> Quantized? {
    let most = values.reduce(0) { max($0, abs($1)) }
    // Where rounding has spoilt the recursion there may be no numbers, or huge ones.
    guard most > 0, most < 1e6, values.allSatisfy(\.isFinite), precision >= 5 else { return nil }
    let bits = precision - 1
    // Five bits hold the shift, which must not be negative: larger coefficients are clipped below.
    let shift = min(max(bits - Int(most.exponent) - 1, 0), 15)
    let top = Double(1 << bits)
    var error = 0.0
    var coefficients: [Int32] = []
    for value in values {
      error += value * Double(1 << shift)
      let whole = min(max(error.rounded(.toNearestOrAwayFromZero), -top), top - 1)
      error -= whole
      coefficients.append(Int32(whole))
    }
    return Quantized(coefficients: coefficients, shift: shift, precision: precision)
  }
}
