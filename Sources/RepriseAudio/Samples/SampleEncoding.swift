/// How one sample is kept in a file.
public enum SampleEncoding: Sendable, Equatable, Codable {
  /// Linear integers of so many bits.
  case integer(bits: Int)
  /// IEEE floats of 32 or 64 bits.
  case float(bits: Int)
  /// Coded with loss: mp3, or µ-law, A-law and ADPCM in a wav.
  case lossy
}

/// Between floats of −1…1 and left-justified 32-bit integers, in which every lossless path carries its samples.
package enum SampleConversion {
  /// The nearest integer of `bits` bits, left-justified; what lies outside −1…1 is clipped, NaN becomes 0.
  ///
  /// Ties go to even, and there is no dither: the conversion of samples that came from integers of `bits` bits or
  /// fewer gives the same integers back, which dither would not.
  package static func integer(_ sample: Float, bits: Int) -> Int32 {
    guard !sample.isNaN else { return 0 }
    let scale = Double(1 << (bits - 1))
    let scaled = (Double(sample) * scale).rounded(.toNearestOrEven)
    let clipped = min(max(scaled, -scale), scale - 1)
    return Int32(clipped) << Int32(32 - bits)
  }

  /// The same sample rounded to `bits` bits; unchanged if it has no more.
  package static func rounded(_ sample: Int32, bits: Int) -> Int32 {
    guard bits < 32 else { return sample }
    let shift = Int32(32 - bits)
    let mask = Int32(-1) << shift
    guard sample & ~mask != 0 else { return sample }
    let (sum, overflow) = sample.addingReportingOverflow(Int32(1) << (shift - 1))
    return overflow ? Int32.max & mask : sum & mask
  }
}
