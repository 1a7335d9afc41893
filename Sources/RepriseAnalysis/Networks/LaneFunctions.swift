/// Functions of several numbers at a time, the same on every machine.
package enum LaneFunctions {
  package typealias Lanes = SIMD8<Float>

  /// Returns eˣ to about 2·10⁻⁷ of its value; x is limited to ±87.
  package static func exponential(_ x: Lanes) -> Lanes {
    let limited = pointwiseMin(pointwiseMax(x, Lanes(repeating: -87)), Lanes(repeating: 87))
    // 1.5·2²³: adding it rounds to an integer, which is then in the low bits.
    let shifter = Lanes(repeating: 12_582_912)
    let shifted = limited * 1.442_695_04 + shifter
    let whole = shifted - shifter
    // ln 2 in two parts, of which the first has few bits.
    let rest = limited - whole * 0.693_359_375 + whole * 2.121_944_4e-4
    var sum = Lanes(repeating: 1.987_569_1e-4)
    sum = sum * rest + 1.398_2e-3
    sum = sum * rest + 8.333_452e-3
    sum = sum * rest + 4.166_579_6e-2
    sum = sum * rest + 1.666_666_6e-1
    sum = sum * rest + 0.5
    sum = sum * rest * rest + rest + 1
    let exponents = unsafe (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &+ (127 &- 0x4B40_0000)) &<< 23
    return unsafe sum * unsafeBitCast(exponents, to: Lanes.self)
  }

  /// Returns 1 ÷ (1 + e⁻ˣ).
  package static func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }

  /// Returns the hyperbolic tangent.
  package static func tanh(_ x: Lanes) -> Lanes { 2 / (1 + exponential(-2 * x)) - 1 }
}
