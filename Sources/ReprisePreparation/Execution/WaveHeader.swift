/// The bytes in front of a WAV file's samples.
///
/// Chunks of the source other than audio (LIST, bext, cue) are not copied, as their positions and lengths would be
/// wrong for a part.
enum WaveHeader {
  /// Returns the length of the header in bytes, for a source's format chunk and `data` bytes of samples.
  static func byteCount(format: [UInt8], data: Int) -> Int {
    let body = canonical(format)
    return 12 + 8 + body.count + factBytes(body) + 8 + (isWide(body, data: data) ? 36 : 0)
  }

  /// Returns the size of the file in bytes: header, samples, and padding to an even size.
  static func fileBytes(format: [UInt8], data: Int) -> Int {
    byteCount(format: format, data: data) + data + data % 2
  }

  /// Returns a RIFF header, or RF64 (EBU Tech 3306) where 32 bits do not hold the size, whatever the source was.
  static func make(format: [UInt8], data: Int, frames: Int) -> [UInt8] {
    let body = canonical(format)
    let wide = isWide(body, data: data)
    let size = fileBytes(format: format, data: data) - 8
    var bytes = Array((wide ? "RF64" : "RIFF").utf8) + little(wide ? 0xFFFF_FFFF : size, 4) + Array("WAVE".utf8)
    if wide {
      bytes += Array("ds64".utf8) + little(28, 4) + little(size, 8) + little(data, 8) + little(frames, 8) + little(0, 4)
    }
    bytes += Array("fmt ".utf8) + little(body.count, 4) + body
    if factBytes(body) > 0 {
      bytes += Array("fact".utf8) + little(4, 4) + little(min(frames, 0xFFFF_FFFF), 4)
    }
    return bytes + Array("data".utf8) + little(wide ? 0xFFFF_FFFF : data, 4)
  }

  /// Returns the format chunk in the form that its tag requires (Microsoft's "Multiple Channel Audio Data and WAVE
  /// Files").
  ///
  /// The chunk has 16 bytes for integers, 40 for the extensible format, and 18 with an empty extension for the rest; a
  /// source's chunk may have any length. The bytes per frame and per second are computed from the width of the samples,
  /// as a source's values may be wrong.
  private static func canonical(_ format: [UInt8]) -> [UInt8] {
    guard format.count >= 16 else { return format }
    let frame = (number(format, 14, 2) + 7) / 8 * number(format, 2, 2)
    let rate = min(frame * number(format, 4, 4), 0xFFFF_FFFF)
    let base = format.prefix(8) + little(rate, 4) + little(frame, 2) + format[14..<16]
    switch (format[0], format[1]) {
    case (1, 0): return Array(base)
    case (0xFE, 0xFF) where format.count >= 40: return base + little(22, 2) + format[18..<40]
    default: return base + little(0, 2)
    }
  }

  /// Returns the size of the fact chunk, with the number of frames, which formats other than integers require.
  private static func factBytes(_ format: [UInt8]) -> Int {
    guard format.count >= 16 else { return 0 }
    let isExtensible = format[0] == 0xFE && format[1] == 0xFF && format.count >= 40
    let tag = isExtensible ? number(format, 24, 2) : number(format, 0, 2)
    return tag == 1 ? 0 : 12
  }

  private static func isWide(_ format: [UInt8], data: Int) -> Bool {
    data > 0xFFFF_FFF0 - 64 - format.count - factBytes(format)
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> Int {
    bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// The bytes in front of a FLAC file's frames.
enum FLACHeader {
  /// Number of bytes of "fLaC", a block header and STREAMINFO.
  static let byteCount = 42

  /// Returns a header with only STREAMINFO, with the given total number of samples (RFC 9639 §8.2).
  static func make(streamInfo: [UInt8], totalSamples: Int) -> [UInt8] {
    var info = streamInfo
    if info.count == 34, totalSamples < 1 << 36 {
      info[13] = info[13] & 0xF0 | UInt8(truncatingIfNeeded: totalSamples >> 32)
      for index in 0..<4 { info[14 + index] = UInt8(truncatingIfNeeded: totalSamples >> (24 - 8 * index)) }
    }
    return Array("fLaC".utf8) + [0x80, 0, 0, UInt8(truncatingIfNeeded: info.count)] + info
  }
}
