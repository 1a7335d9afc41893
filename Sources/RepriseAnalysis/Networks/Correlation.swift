/// Weighted sums over contiguous numbers, the inner loops of convolutions.
enum Correlation {
  /// Number of outputs that are computed together.
  static let lanes = 24

  /// Returns the smallest multiple of `lanes` that is not less than a number.
  static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  /// Taps of a filter: each adds `weight` times the input that lies `offset` after the output's place.
  struct Taps: Sendable {
    private(set) var offsets: [Int] = []
    private(set) var weights: [Float] = []
    private(set) var lowest = 0
    private(set) var highest = 0

    mutating func append(offset: Int, weight: Float) {
      lowest = offsets.isEmpty ? offset : min(lowest, offset)
      highest = offsets.isEmpty ? offset : max(highest, offset)
      offsets.append(offset)
      weights.append(weight)
    }
  }

  /// Writes output[target + i] = bias + Σ weight·input[start + offset + i] for 0 ≤ i < `padded(count)`.
  static func apply(
    _ taps: Taps, to input: [Float], at start: Int, bias: Float, into output: inout [Float], at target: Int, count: Int
  ) {
    let total = padded(count)
    precondition(start + taps.lowest >= 0 && start + taps.highest + total <= input.count)
    precondition(target >= 0 && target + total <= output.count && taps.offsets.count == taps.weights.count)
    unsafe input.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { output in
        for index in stride(from: 0, to: total, by: lanes) {
          var (a, b, c) = (SIMD8(repeating: bias), SIMD8(repeating: bias), SIMD8(repeating: bias))
          for tap in taps.offsets.indices {
            let weight = SIMD8(repeating: taps.weights[tap])
            let place = 4 * (start + index + taps.offsets[tap])
            a += unsafe weight * input.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
            b += unsafe weight * input.loadUnaligned(fromByteOffset: place + 32, as: SIMD8<Float>.self)
            c += unsafe weight * input.loadUnaligned(fromByteOffset: place + 64, as: SIMD8<Float>.self)
          }
          unsafe output.storeBytes(of: a, toByteOffset: 4 * (target + index), as: SIMD8<Float>.self)
          unsafe output.storeBytes(of: b, toByteOffset: 4 * (target + index) + 32, as: SIMD8<Float>.self)
          unsafe output.storeBytes(of: c, toByteOffset: 4 * (target + index) + 64, as: SIMD8<Float>.self)
        }
      }
    }
  }

  /// Multiplies one stretch of the input with four rows of weights.
  ///
  /// - Parameters:
  ///   - input: The numbers.
  ///   - start: Where the stretch begins.
  ///   - rows: The weights, in groups of 32: eight of each row.
  ///   - first: Where the first group begins.
  ///   - groups: Number of groups; the stretch is eight times as long.
  /// - Returns: The sums of the products, for each row.
  static func products(
    of input: [Float], at start: Int, _ rows: [Float], from first: Int, groups: Int
  ) -> (Float, Float, Float, Float) {
    precondition(start >= 0 && start + 8 * groups <= input.count && first >= 0 && first + 32 * groups <= rows.count)
    var (a, b, c, d) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    unsafe input.withUnsafeBytes { input in
      unsafe rows.withUnsafeBytes { rows in
        for group in 0..<groups {
          let place = 4 * (first + 32 * group)
          let values = unsafe input.loadUnaligned(fromByteOffset: 4 * (start + 8 * group), as: SIMD8<Float>.self)
          a += unsafe values * rows.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
          b += unsafe values * rows.loadUnaligned(fromByteOffset: place + 32, as: SIMD8<Float>.self)
          c += unsafe values * rows.loadUnaligned(fromByteOffset: place + 64, as: SIMD8<Float>.self)
          d += unsafe values * rows.loadUnaligned(fromByteOffset: place + 96, as: SIMD8<Float>.self)
        }
      }
    }
    return (a.sum(), b.sum(), c.sum(), d.sum())
  }

  /// Adds the products of two rows of complex numbers, the second conjugated, to a third; each row's length is a
  /// multiple of 8.
  static func addProducts(
    _ real: [Float], _ imaginary: [Float], at start: Int, conjugated other: (real: [Float], imaginary: [Float]),
    at second: Int, count: Int, to sum: inout (real: [Float], imaginary: [Float])
  ) {
    precondition(start >= 0 && second >= 0 && start + count <= min(real.count, imaginary.count))
    precondition(second + count <= min(other.real.count, other.imaginary.count) && count.isMultiple(of: 8))
    precondition(count <= min(sum.real.count, sum.imaginary.count))
    unsafe real.withUnsafeBytes { real in
      unsafe imaginary.withUnsafeBytes { imaginary in
        unsafe other.real.withUnsafeBytes { otherReal in
          unsafe other.imaginary.withUnsafeBytes { otherImaginary in
            unsafe sum.real.withUnsafeMutableBytes { sumReal in
              unsafe sum.imaginary.withUnsafeMutableBytes { sumImaginary in
                for index in stride(from: 0, to: count, by: 8) {
                  let (one, two) = (4 * (start + index), 4 * (second + index))
                  let x = unsafe real.loadUnaligned(fromByteOffset: one, as: SIMD8<Float>.self)
                  let y = unsafe imaginary.loadUnaligned(fromByteOffset: one, as: SIMD8<Float>.self)
                  let u = unsafe otherReal.loadUnaligned(fromByteOffset: two, as: SIMD8<Float>.self)
                  let v = unsafe otherImaginary.loadUnaligned(fromByteOffset: two, as: SIMD8<Float>.self)
                  let r = unsafe sumReal.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                  let i = unsafe sumImaginary.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                  unsafe sumReal.storeBytes(of: r + x * u + y * v, toByteOffset: 4 * index, as: SIMD8<Float>.self)
                  unsafe sumImaginary.storeBytes(of: i + y * u - x * v, toByteOffset: 4 * index, as: SIMD8<Float>.self)
                }
              }
            }
          }
        }
      }
    }
  }
}
