/// The encodings of a sample in a file.
package enum SampleEncoding: Sendable, Equatable, Codable {
  /// Linear integers of `bits` bits.
  case integer(bits: Int)
  /// IEEE floats of 32 or 64 bits.
  case float(bits: Int)
  /// Lossy coding: mp3, or µ-law, A-law and ADPCM in a wav.
  case lossy
}

/// Conversion between floats of −1…1 and left-justified 32-bit integers, the format of samples on every lossless path.
package enum SampleConversion {
  /// Returns the nearest integer of `bits` bits, left-justified; values outside −1…1 are clipped, NaN becomes 0.
  ///
  /// Ties go to even, and there is no dither: the conversion of samples that came from integers of `bits` bits or fewer
  /// yields the same integers, which it would not with dither.
  package static func integer(_ sample: Float, bits: Int) -> Int32 {
    guard !sample.isNaN else { return 0 }
    let scale = Double(1 << (bits - 1))
    let scaled = (Double(sample) * scale).rounded(.toNearestOrEven)
    let clipped = min(max(scaled, -scale), scale - 1)
    return Int32(clipped) << Int32(32 - bits)
  }

  /// Returns `true` if no sample has more than `bits` bits, so that rounding would change none.
  package static func areExact(_ samples: [Int32], bits: Int) -> Bool {
    guard bits < 32 else { return true }
    var union: Int32 = 0
    for sample in samples { union |= sample }
    return union & ~(Int32(-1) << Int32(32 - bits)) == 0
  }

  /// Returns a sample rounded to `bits` bits; unchanged if it has no more.
  package static func rounded(_ sample: Int32, bits: Int) -> Int32 {
    guard bits < 32 else { return sample }
    let shift = Int32(32 - bits)
    let mask = Int32(-1) << shift
    guard sample & ~mask != 0 else { return sample }
    let (sum, overflow) = sample.addingReportingOverflow(Int32(1) << (shift - 1))
    return overflow ? Int32.max & mask : sum & mask
  }
}
