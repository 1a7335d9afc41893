/// Follows the Huffman codes of one granule of one channel to see where they end.
enum MP3HuffmanCount {
  /// Where the codes end, compared with where the side information says.
  enum Outcome {
    /// Exactly there.
    case exact
    /// Before it, with nothing but fill bits of 1 between: the standard tells decoders to drop what follows the 576th
    /// line (ISO 11172-3 §2.4.3.4.6), and its reference encoder fills granules up with ones, as many others do.
    case filled
    /// The pairs alone go past it: no encoder writes that.
    case overrun
    /// The quadruples end elsewhere, and what is left is no filling.
    case inexact
  }

  /// Counts.
  ///
  /// - Parameters:
  ///   - bytes: what holds the codes.
  ///   - start: the bit of the first code, behind the scale factors.
  ///   - end: the bit behind the last one.
  ///   - granule: which tables are used, and where.
  ///   - regions: the pairs that each of the three regions has.
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

  /// Look-ups that 57 bits are enough for: pairs take up to 13 bits each, quadruples up to 15, and the last look-up needs
  /// eleven to be there. A fixed number can be foreseen by the processor, "as long as there are enough" cannot.
  private static let lookups = 4

  /// The bit behind so many pairs; somewhere behind `end` if they do not fit.
  private static func skip(
    _ pairs: Int, _ choice: MP3HuffmanTables.Choice, _ bytes: RawSpan, from start: Int, to end: Int,
    _ tables: MP3HuffmanTables
  ) -> Int {
    let entries = tables.entries.span.extracting(MP3HuffmanTables.places(choice.base))
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
        // Near the end of the region, a long code or one with more bits behind it: one by one.
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

  /// The bits of a symbol that its entry alone does not tell.
  @inline(__always)
  private static func long(
    _ entry: UInt64, _ choice: MP3HuffmanTables.Choice, _ bytes: RawSpan, at bit: Int, _ tables: MP3HuffmanTables
  ) -> Int {
    let used = Int(truncatingIfNeeded: entry >> 6 & 15)
    if used > 0 { return used &+ Int(truncatingIfNeeded: entry >> 10 & 3) &* choice.linbits }
    let long = tables.longCode(choice.tree, UInt32(truncatingIfNeeded: bytes.bits64(at: bit) >> 32))
    return long.bits &+ long.escapes &* choice.linbits
  }

  /// What the eleven bits at the top say; only six bits of an entry count where something is shifted by it.
  @inline(__always)
  private static func entry(_ entries: borrowing Span<UInt16>, _ window: UInt64) -> UInt64 {
    // Extracting has made sure that there are 2048 of them, as many as eleven bits can say.
    UInt64(unsafe entries[unchecked: Int(truncatingIfNeeded: window >> 53)])
  }

  private static func skipQuadruples(
    _ base: Int, most: Int, _ bytes: RawSpan, from start: Int, to end: Int, _ tables: MP3HuffmanTables
  ) -> Outcome {
    let entries = tables.entries.span.extracting(MP3HuffmanTables.places(base))
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
          // A code that the granule's end cuts off is what is left of the filling, if it is anything an encoder writes.
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

  /// Whether all of these bits are ones.
  private static func isFilling(_ bytes: RawSpan, _ bits: Range<Int>) -> Bool {
    var bit = bits.lowerBound
    while bit < bits.upperBound {
      // 57 bits at a place are certain to be there.
      let count = min(bits.upperBound - bit, 57)
      if ~bytes.bits64(at: bit) >> UInt64(64 - count) != 0 { return false }
      bit += count
    }
    return true
  }
}
