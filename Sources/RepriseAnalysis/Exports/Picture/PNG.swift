/// A picture as Portable Network Graphics (ISO/IEC 15948), with a palette.
package struct PNG {
  /// The bytes of the file.
  package let bytes: [UInt8]

  /// Creates the picture of an analysis.
  package init(_ timeline: Timeline) { self.init(Raster(timeline.drawing)) }

  init(_ raster: Raster) {
    var header = MIDITrack.bigEndian(raster.width, bytes: 4) + MIDITrack.bigEndian(raster.height, bytes: 4)
    // 8 bits, palette, the only compression and filtering there are, no interlacing.
    header += [8, 3, 0, 0, 0]
    // Rows without a filter: equal rows are found by the compression itself.
    var rows: [UInt8] = []
    rows.reserveCapacity((raster.width + 1) * raster.height)
    for row in 0..<raster.height {
      rows.append(0)
      rows += raster.pixels[row * raster.width..<(row + 1) * raster.width]
    }
    bytes =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
      // 7559 pixels a metre are 192 an inch: twice as many as units.
      + Self.chunk("pHYs", MIDITrack.bigEndian(7559, bytes: 4) + MIDITrack.bigEndian(7559, bytes: 4) + [1])
      + Self.chunk("PLTE", raster.palette.flatMap { [$0.red, $0.green, $0.blue] })
      + Self.chunk("IDAT", Deflate.zlib(rows)) + Self.chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return MIDITrack.bigEndian(data.count, bytes: 4) + body + MIDITrack.bigEndian(Int(crc(body)), bytes: 4)
  }

  /// CRC-32 of each byte (polynomial 0xEDB88320, reflected).
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  /// Returns the CRC-32 of bytes.
  static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}
