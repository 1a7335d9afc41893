/// The 16-bit checksums of mp3 and FLAC files, all with the polynomial x¹⁶ + x¹⁵ + x² + 1.
///
/// Eight or sixteen bytes are processed at once, which the linearity of the checksum allows.
package enum CRC16 {
  /// Continues a checksum whose most significant bit comes first: that of protected mp3 frames (ISO 11172-3 §2.4.3.1;
  /// initial value 0xFFFF) and of FLAC frames (RFC 9639 §9.3; initial value 0, and 0 over a whole frame).
  package static func frame(_ bytes: RawSpan, _ range: Range<Int>, from start: UInt16) -> UInt16 {
    var crc = start
    var offset = range.lowerBound
    let table = forward.span
    while offset + 16 <= range.upperBound {
      let early =
        UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        ^ UInt64(crc) << 48
      let late = UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      // The lookups that do not depend on the previous checksum come first, so that the processor does not wait for it.
      crc = 0
      for slice in 0..<8 { crc ^= table[slice << 8 | Int(truncatingIfNeeded: late >> UInt64(8 * slice) & 255)] }
      for slice in 0..<8 { crc ^= table[(slice + 8) << 8 | Int(truncatingIfNeeded: early >> UInt64(8 * slice) & 255)] }
      offset += 16
    }
    while offset < range.upperBound {
      crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ bytes.byte(offset))]
      offset += 1
    }
    return crc
  }

  /// Returns `true` if the bytes can be a whole FLAC frame, footer included.
  static func isFLACFrame(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    unsafe frame(bytes.span.bytes, range, from: 0) == 0
  }

  /// Continues the checksum of LAME's tag: least significant bit first, initial value 0.
  static func tag(_ bytes: RawSpan, _ range: Range<Int>, from start: UInt16) -> UInt16 {
    var crc = UInt64(start)
    var offset = range.lowerBound
    let table = reflected.span
    while offset + 8 <= range.upperBound {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian ^ crc
      var sum: UInt16 = 0
      for slice in 0..<8 { sum ^= table[(7 - slice) << 8 | Int(truncatingIfNeeded: word >> UInt64(8 * slice) & 255)] }
      crc = UInt64(sum)
      offset += 8
    }
    while offset < range.upperBound {
      let index = Int(truncatingIfNeeded: (crc ^ UInt64(bytes.byte(offset))) & 255)
      crc = crc >> 8 ^ UInt64(table[index])
      offset += 1
    }
    return UInt16(truncatingIfNeeded: crc)
  }

  /// Sixteen tables: the checksum of a byte, and of a byte followed by one to fifteen zero bytes.
  private static let forward: [UInt16] = {
    var tables: [UInt16] = (0..<256).map { index in
      (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc & 0x8000 != 0 ? crc << 1 ^ 0x8005 : crc << 1 }
    }
    for slice in 1..<16 {
      for index in 0..<256 {
        let before = tables[(slice - 1) << 8 | index]
        tables.append(before << 8 ^ tables[Int(before >> 8)])
      }
    }
    return tables
  }()

  /// Eight tables as `forward`, least significant bit first.
  private static let reflected: [UInt16] = {
    var tables: [UInt16] = (0..<256).map { index in
      (0..<8).reduce(UInt16(index)) { crc, _ in crc & 1 != 0 ? crc >> 1 ^ 0xA001 : crc >> 1 }
    }
    for slice in 1..<8 {
      for index in 0..<256 {
        let before = tables[(slice - 1) << 8 | index]
        tables.append(before >> 8 ^ tables[Int(before & 255)])
      }
    }
    return tables
  }()
}
