package import RepriseSystem

/// A picture as Portable Network Graphics (ISO/IEC 15948), with a palette.
package struct PNG {
  /// The bytes of the file.
  package let bytes: [UInt8]

  /// Creates the picture of an analysis.
  ///
  /// - Throws: `CompressionError` if zlib is missing or has no memory.
  package init(_ timeline: Timeline) throws(CompressionError) { try self.init(Raster(timeline.drawing)) }

  init(_ raster: Raster) throws(CompressionError) {
    var header = BigEndian.bytes(raster.width, count: 4) + BigEndian.bytes(raster.height, count: 4)
    // 8 bits, palette, the only compression and filtering there are, no interlacing.
    header += [8, 3, 0, 0, 0]
    // Rows without a filter: equal rows are found by the compression itself.
    var rows: [UInt8] = []
    rows.reserveCapacity((raster.width + 1) * raster.height)
    for row in 0..<raster.height {
      rows.append(0)
      rows += raster.pixels[row * raster.width..<(row + 1) * raster.width]
    }
    // 7559 pixels a metre are 192 an inch: twice as many as units.
    let density = BigEndian.bytes(7559, count: 4) + BigEndian.bytes(7559, count: 4) + [1]
    let chunks = try [
      Self.chunk("IHDR", header), Self.chunk("pHYs", density),
      Self.chunk("PLTE", raster.palette.flatMap { [$0.red, $0.green, $0.blue] }),
      Self.chunk("IDAT", Deflate.zlib(rows)), Self.chunk("IEND", []),
    ]
    bytes = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.joined()
  }

  private static func chunk(_ type: String, _ data: [UInt8]) throws(CompressionError) -> [UInt8] {
    let body = Array(type.utf8) + data
    return try BigEndian.bytes(data.count, count: 4) + body + BigEndian.bytes(Int(Deflate.crc32(body)), count: 4)
  }
}
