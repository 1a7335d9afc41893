/// The two checksums with the polynomial x¹⁶ + x¹⁵ + x² + 1 that stand in mp3 files.
enum MPEGChecksum {
  /// That of a protected layer III frame: the last 16 bits of its header and its side information, highest bit first,
  /// beginning with all ones (ISO 11172-3 §2.4.3.1).
  static func frame(header word: UInt32, sideInformation: [UInt8]) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for byte in [UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word)] + sideInformation {
      crc = crc << 8 ^ frameTable[Int(crc >> 8) ^ Int(byte)]
    }
    return crc
  }

  private static let frameTable: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { value, _ in value & 0x8000 != 0 ? value << 1 ^ 0x8005 : value << 1 }
  }

  /// LAME's over whole bytes, lowest bit first, beginning with 0: of its header's first 190 bytes and of all music.
  struct LAME {
    /// The checksum of all bytes so far.
    private(set) var value: UInt16 = 0

    /// Takes in bytes.
    mutating func add(_ bytes: RawSpan) {
      var crc = value
      var offset = 0
      let tables = Self.tables
      // Eight bytes at a time, each through a table of its own (M. Kounavis, F. Berry, 2005).
      while offset <= bytes.byteCount - 8 {
        let word =
          UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
          ^ UInt64(crc)
        crc = 0
        for index in 0..<8 {
          crc ^= tables[(7 - index) << 8 | Int(word >> (8 * UInt64(index)) & 0xFF)]
        }
        offset += 8
      }
      while offset < bytes.byteCount {
        let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        crc = crc >> 8 ^ tables[Int(crc & 0xFF) ^ Int(byte)]
        offset += 1
      }
      value = crc
    }

    /// Takes in bytes.
    mutating func add(_ bytes: [UInt8]) { add(unsafe bytes.span.bytes) }

    private static let tables: [UInt16] = {
      var tables: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xA001 : value >> 1 }
      }
      for table in 1..<8 {
        for index in 0..<256 {
          let before = tables[(table - 1) << 8 | index]
          tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
        }
      }
      return tables
    }()
  }
}
