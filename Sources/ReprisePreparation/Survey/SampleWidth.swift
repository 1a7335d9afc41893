import RepriseAudio
import RepriseSystem

/// A measurement of the number of bits that samples actually use, whatever their container.
struct SampleWidth {
  let path: String
  let cancellation: Cancellation

  /// Value for samples that no 32-bit integer represents exactly.
  static let none = 64

  /// Returns the least number of bits of integers that represent every sample of a stretch exactly.
  ///
  /// Programs store the samples of 16- or 24-bit converters in 32-bit integers and in floats, whose 24-bit mantissa
  /// holds them without loss; the conversion back is then lossless too.
  ///
  /// - Parameter frames: The frame indices of the stretch.
  /// - Returns: The number of bits; `none` if there are no such integers.
  /// - Throws: `AudioFileError` or `CancellationError`.
  func bits(in frames: Range<Int>) throws -> Int {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    switch decoder.encoding {
    case .integer: return try integers(&decoder, frames)
    case .float(let bits) where bits <= 32: return try floats(&decoder, frames)
    case .float: return try doubles(frames)
    case .lossy: return SampleWidth.none
    }
  }

  private func integers(_ decoder: inout AudioDecoder, _ frames: Range<Int>) throws -> Int {
    var union: Int32 = 0
    try decoder.forEachBlock(in: frames, cancellation: cancellation) { (samples: inout [Int32]) in
      for sample in samples { union |= sample }
    }
    return SampleWidth.width(union)
  }

  private func floats(_ decoder: inout AudioDecoder, _ frames: Range<Int>) throws -> Int {
    var union: Int32 = 0
    var isExact = true
    try decoder.readBlocks(in: frames, cancellation: cancellation) { (samples: inout [Float]) in
      for sample in samples {
        guard let integer = SampleWidth.integer(Double(sample)) else {
          isExact = false
          break
        }
        union |= integer
      }
      return isExact
    }
    return isExact ? SampleWidth.width(union) : SampleWidth.none
  }

  /// Returns the number of bits of samples stored as doubles, read from the file's bytes.
  ///
  /// libsndfile would round doubles to floats first and so hide their last bits.
  private func doubles(_ frames: Range<Int>) throws -> Int {
    let file = try InputFile(path: path)
    // The doubles of other containers are taken for finer than integers.
    guard let layout = try WaveLayout(file), let start = layout.dataOffset, let format = layout.format else {
      return SampleWidth.none
    }
    var union: Int32 = 0
    var offset = start + frames.lowerBound * format.frameBytes
    let end = start + frames.upperBound * format.frameBytes
    while offset < end {
      try cancellation.check()
      let bytes = try file.bytes(at: offset, count: min(1 << 20, end - offset))
      guard bytes.count >= 8 else { break }
      for index in stride(from: 0, through: bytes.count - 8, by: 8) {
        var pattern: UInt64 = 0
        for byte in (0..<8).reversed() { pattern = pattern << 8 | UInt64(bytes[index + byte]) }
        guard let integer = SampleWidth.integer(Double(bitPattern: pattern)) else { return SampleWidth.none }
        union |= integer
      }
      offset += bytes.count / 8 * 8
    }
    return SampleWidth.width(union)
  }

  /// Returns the left-justified integer that equals the sample exactly.
  private static func integer(_ sample: Double) -> Int32? { Int32(exactly: sample * 2_147_483_648) }

  private static func width(_ union: Int32) -> Int { union == 0 ? 1 : 32 - union.trailingZeroBitCount }
}
