/// The bytes in front of the samples of a wav in the form that every decoder reads.
///
/// Of the source's chunks only the format is copied: the others may hold positions and lengths that are wrong for a
/// part. `WaveMending` keeps them.
package enum WaveHeader {
  /// Returns the size in bytes of a file with nothing but header, samples, and padding to an even size.
  ///
  /// - Parameters:
  ///   - format: The body of the source's format chunk.
  ///   - data: The number of bytes of samples.
  /// - Returns: The size.
  package static func fileBytes(format: [UInt8], data: Int) -> Int {
    make(format: format, data: data, frames: 0).count + data + data % 2
  }

  /// Returns a RIFF header, or RF64 (EBU Tech 3306) where 32 bits do not hold the size, whatever the source was.
  ///
  /// - Parameters:
  ///   - format: The body of the source's format chunk.
  ///   - data: The number of bytes of samples.
  ///   - frames: The number of frames.
  ///   - others: The number of bytes of further chunks, all told.
  ///   - chunks: Whole chunks that stand in front of the samples.
  /// - Returns: The header.
  package static func make(
    format: [UInt8], data: Int, frames: Int, others: Int = 0, chunks: [UInt8] = []
  ) -> [UInt8] {
    let (front, end) = parts(format: format, data: data, frames: frames, others: others + chunks.count)
    return front + chunks + end
  }

  /// Returns the header in two parts, between which chunks can stand: up to the format, and the header of the data
  /// chunk.
  static func parts(
    format: [UInt8], data: Int, frames: Int, others: Int
  ) -> (front: [UInt8], end: [UInt8]) {
    let body = canonical(format)
    let fact = factBytes(body) > 0 ? Array("fact".utf8) + little(4, 4) + little(min(frames, 0xFFFF_FFFF), 4) : []
    let short = 4 + 8 + body.count + fact.count + 8 + data + data % 2 + others
    let isWide = short > 0xFFFF_FF00
    let size = short + (isWide ? 36 : 0)
    var bytes = Array((isWide ? "RF64" : "RIFF").utf8) + little(isWide ? 0xFFFF_FFFF : size, 4) + Array("WAVE".utf8)
    if isWide {
      bytes += Array("ds64".utf8) + little(28, 4) + little(size, 8) + little(data, 8) + little(frames, 8) + little(0, 4)
    }
    bytes += Array("fmt ".utf8) + little(body.count, 4) + body + fact
    return (bytes, Array("data".utf8) + little(isWide ? 0xFFFF_FFFF : data, 4))
  }

  /// Returns the format chunk in the form that its tag requires (Microsoft's "Multiple Channel Audio Data and WAVE
  /// Files").
  ///
  /// The chunk has 16 bytes for integers and 18 with an empty extension for floats. More than two channels keep the
  /// extensible form of the source, for its speakers, with as many valid bits as there are: ffmpeg takes the number of
  /// valid bits for the size of a sample. The bytes per frame and per second are computed from the width of the samples,
  /// as a source's values may be wrong.
  static func canonical(_ chunk: [UInt8]) -> [UInt8] {
    guard let format = WaveLayout.Format(chunk) else { return chunk }
    let width = (format.bitsPerSample + 7) / 8
    let frame = width * format.channels
    let rate = min(frame * format.sampleRate, 0xFFFF_FFFF)
    let rest = little(format.channels, 2) + little(format.sampleRate, 4) + little(rate, 4) + little(frame, 2)
    guard format.isLinear, chunk.starts(with: [0xFE, 0xFF]) else {
      let bits = Array(chunk[14..<16])
      return Array(chunk[..<2]) + rest + bits + (format.tag == 1 ? [] : little(0, 2))
    }
    // Samples with fewer valid bits than they have are left-justified, and read as samples of all bits.
    let bits = little(width * 8, 2)
    guard format.channels > 2, chunk.count >= 40 else {
      return little(format.tag, 2) + rest + bits + (format.tag == 1 ? [] : little(0, 2))
    }
    return little(0xFFFE, 2) + rest + bits + little(WaveLayout.Format.extensibleBytes, 2) + bits + chunk[20..<40]
  }

  /// Returns the size of the fact chunk, with the number of frames, which formats other than integers require.
  private static func factBytes(_ body: [UInt8]) -> Int { WaveLayout.Format(body)?.tag == 1 ? 0 : 12 }

  static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
