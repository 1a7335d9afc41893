/// Follows the Huffman codes of one granule of one channel to determine their end.
enum MP3HuffmanCount {
  /// The results of comparing the end of the codes with that in the side information.
  enum Outcome {
    /// The codes end exactly there.
    case exact
    /// The codes end before it, followed only by fill bits of 1.
    ///
    /// The standard instructs decoders to drop what follows the 576th line (ISO 11172-3 §2.4.3.4.6), and its reference
    /// encoder fills granules with ones, as many others do.
    case filled
    /// The pairs alone extend beyond it, which no encoder writes.
    case overrun
    /// The quadruples end elsewhere, and the remaining bits are not filling.
    case inexact
  }

  /// Follows the codes.
  ///
  /// - Parameters:
  ///   - bytes: The bytes that hold the codes.
  ///   - start: The bit of the first code, after the scale factors.
  ///   - end: The bit after the last code.
  ///   - granule: The granule, which selects the tables.
  ///   - regions: The number of pairs in each of the three regions.
  /// - Returns: The position of the end of the codes compared with `end`.
  static func outcome(
    _ bytes: RawSpan, from start: Int, to end: Int, granule: MP3SideInformation.Granule, regions: (Int, Int, Int)
  ) -> Outcome {
    let tables = MP3HuffmanTables.shared
    var bit = start
    for region in 0..<3 {
      let pairs = region == 0 ? regions.0 : region == 1 ? regions.1 : regions.2
      guard pairs > 0 else { continue }
      let choice = tables.choices[granule.table(region)]
      guard choice.base >= 0 else { continue }
      bit = skip(pairs, choice, bytes, from: bit, to: end, tables)
      if bit > end { return .overrun }
    }
    return skipQuadruples(
      granule.usesTableB ? tables.quadrupleBases[1] : tables.quadrupleBases[0],
      most: (576 - 2 * granule.bigValues) / 4, bytes, from: bit, to: end, tables)
  }

  /// Number of look-ups for which 57 bits are enough.
  ///
  /// Pairs take up to 13 bits each, quadruples up to 15, and the last look-up needs eleven bits. The processor can
  /// predict a fixed number, but not a loop as long as there are enough bits.
  private static let lookups = 4

  /// Returns the bit after `pairs` pairs; a bit after `end` if they do not fit.
  private static func skip(
    _ pairs: Int, _ choice: MP3HuffmanTables.Choice, _ bytes: RawSpan, from start: Int, to end: Int,
    _ tables: MP3HuffmanTables
  ) -> Int {
    let entries = tables.entries.span.extracting(MP3HuffmanTables.range(from: choice.base))
    var rest = pairs
    var bit = start
    while rest > 0, bit <= end {
      var window = bytes.bits64(at: bit)
      for _ in 0..<lookups {
        let entry = entry(entries, window)
        let count = Int(truncatingIfNeeded: entry >> 12)
        if count > 0, count <= rest {
          rest &-= count
          bit &+= Int(truncatingIfNeeded: entry & 63)
          window = window &<< entry
          continue
        }
        if rest == 0 { return bit }
        // Near the end of the region, and for a long code or one with additional bits: one by one.
        rest &-= 1
        if count > 0 {
          let used = entry >> 6 & 15
          bit &+= Int(truncatingIfNeeded: used)
          window = window &<< used
          continue
        }
        bit &+= long(entry, choice, bytes, at: bit, tables)
        break
      }
    }
    return bit
  }

  /// Returns the bits of a symbol that its entry alone does not determine.
  @inline(__always)
  private static func long(
    _ entry: UInt64, _ choice: MP3HuffmanTables.Choice, _ bytes: RawSpan, at bit: Int, _ tables: MP3HuffmanTables
  ) -> Int {
    let used = Int(truncatingIfNeeded: entry >> 6 & 15)
    if used > 0 { return used &+ Int(truncatingIfNeeded: entry >> 10 & 3) &* choice.linbits }
    let long = tables.longCode(choice.tree, UInt32(truncatingIfNeeded: bytes.bits64(at: bit) >> 32))
    return long.bits &+ long.escapes &* choice.linbits
  }

  /// Returns the entry for the topmost eleven bits; only six bits of an entry count if a value is shifted by it.
  @inline(__always)
  private static func entry(_ entries: borrowing Span<UInt16>, _ window: UInt64) -> UInt64 {
    // The extraction has ensured that there are 2048 entries, as many as eleven bits can select.
    UInt64(unsafe entries[unchecked: Int(truncatingIfNeeded: window >> 53)])
  }

  private static func skipQuadruples(
    _ base: Int, most: Int, _ bytes: RawSpan, from start: Int, to end: Int, _ tables: MP3HuffmanTables
  ) -> Outcome {
    let entries = tables.entries.span.extracting(MP3HuffmanTables.range(from: base))
    var rest = most
    var bit = start
    while bit < end, rest > 0 {
      var window = bytes.bits64(at: bit)
      for _ in 0..<lookups {
        let entry = entry(entries, window)
        let count = Int(truncatingIfNeeded: entry >> 12)
        var used = entry & 63
        if count > rest || bit &+ Int(truncatingIfNeeded: used) > end {
          if rest <= 0 || bit >= end { break }
          used = entry >> 6 & 15
          rest &-= 1
          // A code that is cut off by the end of the granule is the rest of the filling, if it is anything an encoder
          // writes.
          if bit &+ Int(truncatingIfNeeded: used) > end { return isFilling(bytes, bit..<end) ? .filled : .inexact }
        } else {
          rest &-= count
        }
        bit &+= Int(truncatingIfNeeded: used)
        window = window &<< used
      }
    }
    return bit == end ? .exact : isFilling(bytes, bit..<end) ? .filled : .inexact
  }

  /// Returns `true` if all of these bits are ones.
  private static func isFilling(_ bytes: RawSpan, _ bits: Range<Int>) -> Bool {
    var bit = bits.lowerBound
    while bit < bits.upperBound {
      // 57 bits at any position are certain to be available.
      let count = min(bits.upperBound - bit, 57)
      if ~bytes.bits64(at: bit) >> UInt64(64 - count) != 0 { return false }
      bit += count
    }
    return true
  }
}
