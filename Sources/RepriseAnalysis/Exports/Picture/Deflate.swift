/// Compression by DEFLATE (RFC 1951) with the fixed codes, in zlib's format (RFC 1950).
///
/// Made for pictures of few colours, whose rows repeat: matches of up to 258 bytes with the latest place that has the same
/// three bytes.
package enum Deflate {
  /// Returns bytes in zlib's format.
  package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    // A window of 32 KiB, no dictionary, the fastest level; 0x7801 is a multiple of 31.
    [0x78, 0x01] + compressed(bytes) + MIDITrack.bigEndian(Int(adler(bytes)), bytes: 4)
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var output = BitStream()
    // The last block, with fixed codes.
    output.append(0b011, bits: 3)
    var latest = [Int](repeating: -window - 1, count: 1 << 15)
    var place = 0
    while place < bytes.count {
      guard place + 3 <= bytes.count else {
        output.append(literal: Int(bytes[place]))
        place += 1
        continue
      }
      let hash = Self.hash(bytes, place)
      let candidate = latest[hash]
      latest[hash] = place
      let length = place - candidate <= window ? match(bytes, candidate, place) : 0
      if length >= 3 {
        output.append(length: length, distance: place - candidate)
        // The end of a match, for what continues there.
        for other in max(place + 1, place + length - 2)..<place + length where other + 3 <= bytes.count {
          latest[Self.hash(bytes, other)] = other
        }
        place += length
      } else {
        output.append(literal: Int(bytes[place]))
        place += 1
      }
    }
    output.append(literal: 256)
    return output.finished()
  }

  private static let window = 32768

  private static func hash(_ bytes: [UInt8], _ place: Int) -> Int {
    let value = UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
    return Int((value &* 0x9E37_79B1) >> 17)
  }

  /// Returns the number of equal bytes at two places, at most 258.
  private static func match(_ bytes: [UInt8], _ earlier: Int, _ place: Int) -> Int {
    let limit = min(258, bytes.count - place)
    var length = 0
    while length < limit, bytes[earlier + length] == bytes[place + length] { length += 1 }
    return length
  }

  /// Returns the Adler-32 checksum of bytes.
  static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}

/// Bits packed from the lowest of each byte.
private struct BitStream {
  private var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var count: UInt64 = 0

  mutating func append(_ value: Int, bits: Int) {
    pending |= UInt64(value) << count
    count += UInt64(bits)
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// Appends a Huffman code, which begins with its highest bit.
  private mutating func append(code: Int, bits: Int) {
    var reversed = 0
    for bit in 0..<bits where code & (1 << bit) != 0 { reversed |= 1 << (bits - 1 - bit) }
    append(reversed, bits: bits)
  }

  /// Appends a symbol of the fixed code for literals and lengths (RFC 1951, 3.2.6).
  mutating func append(literal symbol: Int) {
    switch symbol {
    case ..<144: append(code: 0x30 + symbol, bits: 8)
    case ..<256: append(code: 0x190 + symbol - 144, bits: 9)
    case ..<280: append(code: symbol - 256, bits: 7)
    default: append(code: 0xC0 + symbol - 280, bits: 8)
    }
  }

  /// Appends a match (RFC 1951, 3.2.5).
  mutating func append(length: Int, distance: Int) {
    if length == 258 {
      append(literal: 285)
    } else {
      let (symbol, extra) = Self.bucket(length - 3, free: 2)
      append(literal: 257 + symbol)
      append((length - 3) & ((1 << extra) - 1), bits: extra)
    }
    let (symbol, extra) = Self.bucket(distance - 1, free: 1)
    append(code: symbol, bits: 5)
    append((distance - 1) & ((1 << extra) - 1), bits: extra)
  }

  /// Returns the symbol of a length or a distance and its number of extra bits.
  ///
  /// The symbols come in groups of 2^`free`, which share a number of extra bits: none in the first two groups, one more
  /// in each later group.
  private static func bucket(_ value: Int, free: Int) -> (symbol: Int, extra: Int) {
    let bits = Int.bitWidth - value.leadingZeroBitCount
    let extra = max(0, bits - free - 1)
    return ((extra << free) + (value >> extra), extra)
  }

  consuming func finished() -> [UInt8] {
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    return bytes
  }
}
