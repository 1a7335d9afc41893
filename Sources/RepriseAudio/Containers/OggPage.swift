/// A page of an Ogg file (RFC 3533 §6).
struct OggPage {
  /// Offset of the capture pattern.
  let start: Int
  /// `true` if the first segment continues a packet of an earlier page.
  let isContinued: Bool
  /// `true` if the page is the first of its stream.
  let isFirst: Bool
  /// `true` if the page is the last of its stream.
  let isLast: Bool
  /// Number of the stream.
  let serial: UInt32
  /// Number of the page in its stream.
  let number: UInt32
  /// Checksum that the page claims.
  let checksum: UInt32
  /// Range of the segment table.
  let table: Range<Int>
  /// Range of the segments.
  let body: Range<Int>

  /// Reads the page at an offset; `nil` if there is none, or it does not end within the bytes.
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.has("OggS", at: offset), bytes.byte(at: offset + 4) == 0, let flags = bytes.byte(at: offset + 5),
      let serial = bytes.little32(at: offset + 14), let number = bytes.little32(at: offset + 18),
      let checksum = bytes.little32(at: offset + 22), let count = bytes.byte(at: offset + 26)
    else { return nil }
    table = offset + 27..<offset + 27 + Int(count)
    guard table.upperBound <= bytes.byteCount else { return nil }
    var length = 0
    for index in table { length += Int(bytes.byte(at: index) ?? 0) }
    body = table.upperBound..<table.upperBound + length
    guard body.upperBound <= bytes.byteCount else { return nil }
    start = offset
    isContinued = flags & 1 != 0
    isFirst = flags & 2 != 0
    isLast = flags & 4 != 0
    self.serial = serial
    self.number = number
    self.checksum = checksum
  }

  /// Returns `true` if the checksum is that of the bytes: a CRC of 32 bits with polynomial 0x04C11DB7, not reflected,
  /// over the page with a checksum of 0.
  func isSound(_ bytes: RawSpan) -> Bool {
    var crc: UInt32 = 0
    let field = start + 22..<start + 26
    for index in start..<body.upperBound {
      let value = field.contains(index) ? 0 : bytes.byte(at: index) ?? 0
      crc = crc << 8 ^ Self.remainders[Int(crc >> 24) ^ Int(value)]
    }
    return crc == checksum
  }

  private static let remainders: [UInt32] = (0..<256).map { value in
    var remainder = UInt32(value) << 24
    for _ in 0..<8 { remainder = remainder << 1 ^ (remainder >> 31 == 1 ? 0x04C1_1DB7 : 0) }
    return remainder
  }
}
