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
    guard let layout = try WaveLayout(file), let format = layout.format, format.frameBytes > 0,
      let ranges = layout.byteRanges(of: frames, frameBytes: format.frameBytes)
    else { return SampleWidth.none }
    var union: Int32 = 0
    for range in ranges {
      guard try add(range, of: file, to: &union) else { return SampleWidth.none }
    }
    return SampleWidth.width(union)
  }

  /// Adds the bits of the doubles in a range of bytes; returns `false` if any is no integer of 32 bits.
  private func add(_ range: Range<Int>, of file: borrowing InputFile, to union: inout Int32) throws -> Bool {
    var offset = range.lowerBound
    let end = range.upperBound
    while offset < end {
      try cancellation.check()
      let bytes = try file.bytes(at: offset, count: min(1 << 20, end - offset))
      guard bytes.count >= 8 else { break }
      for index in stride(from: 0, through: bytes.count - 8, by: 8) {
        var pattern: UInt64 = 0
        for byte in (0..<8).reversed() { pattern = pattern << 8 | UInt64(bytes[index + byte]) }
        guard let integer = SampleWidth.integer(Double(bitPattern: pattern)) else { return false }
        union |= integer
      }
      offset += bytes.count / 8 * 8
    }
    return true
  }

  /// Returns the left-justified integer that equals the sample exactly.
  private static func integer(_ sample: Double) -> Int32? { Int32(exactly: sample * 2_147_483_648) }

  private static func width(_ union: Int32) -> Int { union == 0 ? 1 : 32 - union.trailingZeroBitCount }
}
