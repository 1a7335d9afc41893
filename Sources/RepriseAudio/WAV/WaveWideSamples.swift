/// Samples of 17 to 24 bits in 4 bytes under the plain header of integers, which leaves open what the bytes are.
///
/// Most writers mean integers, left-justified as in the extensible form: the lowest byte is 0. Cool Edit and Audition
/// write floats under the same header ("24-bit packed, 16.8 float"); ffmpeg takes all such samples for those.
enum WaveWideSamples {
  /// Numbers of places that are read, and of bytes at each.
  private static let (places, bytes) = (32, 1024)

  /// Returns the format chunk of such samples in the extensible form, which states where the bits are; `nil` if the
  /// chunk is of other samples, or the samples are not left-justified integers.
  ///
  /// - Parameters:
  ///   - chunk: The format chunk of the file.
  ///   - samples: The range of the samples.
  ///   - file: The file.
  /// - Returns: The format chunk; `nil` if the given one stays.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func extensible(
    _ chunk: [UInt8], samples: Range<Int>, in file: borrowing InputFile
  ) throws(AudioFileError) -> [UInt8]? {
    guard let format = WaveLayout.Format(chunk), format.isAmbiguous, format.channels > 0, samples.count >= 4 else {
      return nil
    }
    let words = samples.count / 4
    var areFloats = true
    for place in 0..<min(places, words) {
      let start = samples.lowerBound + words * place / min(places, words) * 4
      let read = try file.bytes(at: start, count: min(bytes, samples.upperBound - start) / 4 * 4)
      for at in stride(from: 0, to: read.count - 3, by: 4) {
        guard read[at] == 0 else { return nil }
        areFloats = areFloats && isFloat(read.little(at: at, width: 4) ?? 0)
      }
    }
    // Silence is the same in both.
    if areFloats, try !isSilent(samples, in: file) { return nil }
    let mask = chunk.starts(with: [0xFE, 0xFF]) && chunk.count >= 40 ? Array(chunk[20..<24]) : [0, 0, 0, 0]
    let valid = UInt8(truncatingIfNeeded: format.bitsPerSample)
    return [0xFE, 0xFF] + chunk[2..<14] + [32, 0, 22, 0, valid, 0] + mask + [1, 0] + WaveLayout.Format.pcmGUIDTail
  }

  /// Returns `true` if the bits are 0 or a float that can be a sample at a full scale of 2¹⁵ or 2²³.
  ///
  /// Of integers, whose small values begin with zeros or ones, only some can.
  private static func isFloat(_ word: Int) -> Bool {
    let exponent = word >> 23 & 0xFF
    return word & 0x7FFF_FFFF == 0 || (127 - 12...127 + 25).contains(exponent)
  }

  private static func isSilent(_ samples: Range<Int>, in file: borrowing InputFile) throws(AudioFileError) -> Bool {
    var start = samples.lowerBound
    while start < samples.upperBound {
      let read = try file.bytes(at: start, count: min(1 << 18, samples.upperBound - start))
      guard !read.isEmpty, read.allSatisfy({ $0 == 0 }) else { return false }
      start += read.count
    }
    return true
  }
}
