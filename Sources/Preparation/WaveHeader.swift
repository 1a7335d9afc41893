/// The bytes in front of a wav's samples.
enum WaveHeader {
  /// How long the header is for a source's format chunk and samples of so many bytes.
  static func byteCount(format: [UInt8], data: Int) -> Int {
    let body = canonical(format).count
    return 12 + 8 + body + 8 + (isWide(format: body, data: data) ? 36 : 0)
  }

  /// The whole file's size: header, samples, and the byte that makes them even.
  static func fileBytes(format: [UInt8], data: Int) -> Int {
    byteCount(format: format, data: data) + data + data % 2
  }

  /// RIFF, or RF64 (EBU Tech 3306) where 32 bits do not hold the size.
  static func make(format: [UInt8], data: Int, frames: Int) -> [UInt8] {
    let body = canonical(format)
    let wide = isWide(format: body.count, data: data)
    let size = fileBytes(format: format, data: data) - 8
    var bytes = Array((wide ? "RF64" : "RIFF").utf8) + little(wide ? 0xFFFF_FFFF : size, 4) + Array("WAVE".utf8)
    if wide {
      bytes += Array("ds64".utf8) + little(28, 4) + little(size, 8) + little(data, 8) + little(frames, 8) + little(0, 4)
    }
    bytes += Array("fmt ".utf8) + little(body.count, 4) + body
    return bytes + Array("data".utf8) + little(wide ? 0xFFFF_FFFF : data, 4)
  }

  /// The format chunk as its tag wants it (Microsoft's "Multiple Channel Audio Data and WAVE Files"): 16 bytes for
  /// integers, 40 where it is extensible, 18 with an empty extension for the rest; a source's may have any length.
  private static func canonical(_ format: [UInt8]) -> [UInt8] {
    guard format.count >= 16 else { return format }
    switch (format[0], format[1]) {
    case (1, 0): return Array(format.prefix(16))
    case (0xFE, 0xFF) where format.count >= 40: return format.prefix(16) + little(22, 2) + format[18..<40]
    default: return format.prefix(16) + little(0, 2)
    }
  }

  private static func isWide(format: Int, data: Int) -> Bool { data > 0xFFFF_FFF0 - 64 - format }

  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// The bytes in front of a flac's frames.
enum FLACHeader {
  /// "fLaC", a block header and STREAMINFO.
  static let byteCount = 42

  /// A header with nothing but STREAMINFO, whose total is the true one (RFC 9639 §8.2).
  static func make(streamInfo: [UInt8], totalSamples: Int) -> [UInt8] {
    var info = streamInfo
    if info.count == 34, totalSamples < 1 << 36 {
      info[13] = info[13] & 0xF0 | UInt8(truncatingIfNeeded: totalSamples >> 32)
      for index in 0..<4 { info[14 + index] = UInt8(truncatingIfNeeded: totalSamples >> (24 - 8 * index)) }
    }
    return Array("fLaC".utf8) + [0x80, 0, 0, UInt8(truncatingIfNeeded: info.count)] + info
  }
}
