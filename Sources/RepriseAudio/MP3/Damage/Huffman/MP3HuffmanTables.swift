/// The codes of layer III as tables of bit counts, without the values themselves.
struct MP3HuffmanTables: Sendable {
  /// A code tree and the number of additional bits for a value of 15.
  struct Choice: Sendable {
    /// Index of the first entry of the tree; −1 for table 0, which has no codes, −2 for 4 and 14, which do not exist.
    let base: Int
    /// Index of the tree in `longCodes`.
    let tree: Int
    /// Number of additional bits for each value of 15.
    let linbits: Int
  }

  /// Entries for the next eleven bits: a table of 2048 for each tree, then those of the two tables for quadruples.
  ///
  /// Bits 0–5: number of bits of all symbols whose codes are complete in the eleven, with their signs at most 15; 6–9:
  /// that of the first symbol alone, 0 if its code is longer; 10–11: number of its values of 15 that have additional
  /// bits; 12–15: number of symbols, 0 if the first one is long or has additional bits. Most of the time is the latency
  /// of these dependent look-ups, so the tables are small, and the field on which the next look-up depends needs no
  /// shift.
  let entries: [UInt16]
  /// The 32 table choices of a region.
  let choices: [Choice]
  /// Leaves of each tree in the order of their codes: the code in the topmost of 32 bits, the length of the code and
  /// signs, the number of values of 15.
  let longCodes: [[(code: UInt32, bits: Int, escapes: Int)]]
  /// Indices of the first entries of quadruple tables A and B.
  let quadrupleBases: [Int]

  /// Number of bits of one look-up.
  static let width = 11
  /// Shared tables, built on first use.
  static let shared = MP3HuffmanTables()

  private struct Leaf {
    let code: UInt32
    let length: Int
    let signs: Int
    let escapes: Int
  }

  private init() {
    var entries: [UInt16] = []
    var longCodes: [[(code: UInt32, bits: Int, escapes: Int)]] = []
    var treeIndices: [Int: Int] = [:]
    for (table, text) in MP3HuffmanTrees.pairs {
      let leaves = MP3HuffmanTables.leaves(text, hasEscapes: table >= 16)
      treeIndices[table] = longCodes.count
      longCodes.append(leaves.map { ($0.code, $0.length + $0.signs, $0.escapes) })
      entries += MP3HuffmanTables.lookup(leaves)
    }
    let bases = [entries.count, entries.count + 1 << MP3HuffmanTables.width]
    entries += MP3HuffmanTables.lookup(MP3HuffmanTables.quadruples())
    // Table B: four bits are the complement of four values, and each value other than 0 has a sign.
    entries += MP3HuffmanTables.lookup(
      (0..<16).map { Leaf(code: UInt32($0) << 28, length: 4, signs: (~$0 & 15).nonzeroBitCount, escapes: 0) })
    let linbits = [1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13]
    choices = (0..<32).map { table in
      if table == 0 { return Choice(base: -1, tree: 0, linbits: 0) }
      let tree = treeIndices[table < 16 ? table : table < 24 ? 16 : 24]
      guard let tree else { return Choice(base: -2, tree: 0, linbits: 0) }
      return Choice(
        base: tree << MP3HuffmanTables.width, tree: tree, linbits: table < 16 ? 0 : linbits[table - 16])
    }
    self.entries = entries
    self.longCodes = longCodes
    quadrupleBases = bases
  }

  /// Returns the indices of the 2048 entries that begin at `base`.
  @inline(__always)
  static func range(from base: Int) -> Range<Int> { base..<base + 1 << width }

  /// Returns the length and the number of escapes of the code in the topmost of 32 bits.
  func longCode(_ tree: Int, _ word: UInt32) -> (bits: Int, escapes: Int) {
    let leaves = longCodes[tree]
    var low = 0
    var high = leaves.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if leaves[middle].code <= word { low = middle } else { high = middle }
    }
    return (leaves[low].bits, leaves[low].escapes)
  }

  private static func leaves(_ text: String, hasEscapes: Bool) -> [Leaf] {
    let digits = text.utf8.map { Int($0) - ($0 < 58 ? 48 : 87) }
    var next: UInt32 = 0
    return stride(from: 0, to: digits.count, by: 3).map { index in
      let (length, x, y) = (digits[index], digits[index + 1], digits[index + 2])
      defer { next &+= 1 << (32 - length) }
      return Leaf(
        code: next, length: length, signs: (x > 0 ? 1 : 0) + (y > 0 ? 1 : 0),
        escapes: hasEscapes ? (x == 15 ? 1 : 0) + (y == 15 ? 1 : 0) : 0)
    }
  }

  private static func quadruples() -> [Leaf] {
    let digits = MP3HuffmanTrees.quadruples.utf8.map { Int($0) - ($0 < 58 ? 48 : 87) }
    var next: UInt32 = 0
    return stride(from: 0, to: digits.count, by: 2).map { index in
      defer { next &+= 1 << (32 - digits[index]) }
      return Leaf(code: next, length: digits[index], signs: digits[index + 1].nonzeroBitCount, escapes: 0)
    }
  }

  private static func lookup(_ leaves: [Leaf]) -> [UInt16] {
    (0..<1 << width).map { index in
      func leaf(at offset: Int) -> Leaf? {
        guard offset < width else { return nil }
        let word = UInt32(index) << (32 - width + offset)
        // The last leaf whose code does not exceed the word; only complete codes count.
        guard let found = leaves.last(where: { $0.code <= word }), found.length + offset <= width else { return nil }
        return found
      }
      guard let first = leaf(at: 0) else { return 0 }
      let entry = UInt16(first.length + first.signs) << 6 | UInt16(first.escapes) << 10
      guard first.escapes == 0 else { return entry }
      var bits = first.length + first.signs
      var count = 1
      while let next = leaf(at: bits), next.escapes == 0 {
        bits += next.length + next.signs
        count += 1
      }
      return entry | UInt16(bits) | UInt16(count) << 12
    }
  }
}
