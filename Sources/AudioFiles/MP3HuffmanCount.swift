/// Follows the Huffman codes of one granule of one channel to see where they end.
enum MP3HuffmanCount {
  /// Where the codes end, compared with where the side information says.
  enum Outcome {
    /// Exactly there.
    case exact
    /// The pairs alone go past it: no encoder writes that.
    case overrun
    /// The quadruples end elsewhere: a flipped bit, or an encoder that fills its frames up in this way.
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

  /// The bit behind so many pairs; somewhere behind `end` if they do not fit.
  private static func skip(
    _ pairs: Int, _ choice: MP3HuffmanTables.Choice, _ bytes: RawSpan, from start: Int, to end: Int,
    _ tables: MP3HuffmanTables
  ) -> Int {
    let entries = tables.entries.span
    let base = choice.base
    var rest = pairs
    var bit = start
    var window = bytes.bits64(at: bit)
    var valid = 57
    while rest > 0 {
      if valid < 13 {
        if bit > end { return bit }
        window = bytes.bits64(at: bit)
        valid = 57
      }
      let entry = entries[base &+ Int(truncatingIfNeeded: window >> 53)]
      let count = Int(truncatingIfNeeded: entry >> 10)
      var used = Int(truncatingIfNeeded: entry >> 6 & 15)
      if count > rest || count == 0 {
        // Near the end of the region, a long code or one with more bits behind it: one by one.
        used = Int(truncatingIfNeeded: entry & 15)
        if used == 0 {
          window = bytes.bits64(at: bit)
          let long = tables.longCode(choice.tree, UInt32(truncatingIfNeeded: window >> 32))
          used = long.bits &+ long.escapes &* choice.linbits
        } else {
          used &+= Int(truncatingIfNeeded: entry >> 4 & 3) &* choice.linbits
        }
        rest &-= 1
        if used > 13 {
          bit &+= used
          valid = 0
          continue
        }
      } else {
        rest &-= count
      }
      window <<= UInt64(truncatingIfNeeded: used)
      bit &+= used
      valid &-= used
    }
    return bit
  }

  private static func skipQuadruples(
    _ base: Int, most: Int, _ bytes: RawSpan, from start: Int, to end: Int, _ tables: MP3HuffmanTables
  ) -> Outcome {
    let entries = tables.entries.span
    var rest = most
    var bit = start
    var window = bytes.bits64(at: bit)
    var valid = 57
    while bit < end, rest > 0 {
      if valid < 15 {
        window = bytes.bits64(at: bit)
        valid = 57
      }
      let entry = entries[base &+ Int(truncatingIfNeeded: window >> 53)]
      let count = Int(truncatingIfNeeded: entry >> 10)
      var used = Int(truncatingIfNeeded: entry >> 6 & 15)
      if count > rest || bit &+ used > end {
        used = Int(truncatingIfNeeded: entry & 15)
        rest &-= 1
      } else {
        rest &-= count
      }
      window <<= UInt64(truncatingIfNeeded: used)
      bit &+= used
      valid &-= used
    }
    return bit == end ? .exact : .inexact
  }
}
