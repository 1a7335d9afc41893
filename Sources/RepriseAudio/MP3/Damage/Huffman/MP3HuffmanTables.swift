/// The codes of layer III as tables that count bits: values themselves are of no interest here.
struct MP3HuffmanTables: Sendable {
  /// A tree and how many bits stand behind a value of 15.
  struct Choice: Sendable {
    /// Where the tree's entries begin; −1 for table 0, which has no codes, −2 for 4 and 14, which do not exist.
    let base: Int
    /// The tree's place in `longCodes`.
    let tree: Int
    /// Bits behind each value of 15.
    let linbits: Int
  }

  /// What the next eleven bits say, a table of 2048 for each tree, then those of the two tables for quadruples.
  ///
  /// Bits 0–5: bits of all the symbols whose codes stand whole in the eleven, with their signs at most 15; 6–9: those of
  /// the first symbol alone, 0 if its code is longer; 10–11: its values of 15 that have more bits behind them; 12–15: how
  /// many symbols there are, 0 where the first one is long or has more bits behind it. The time goes into waiting for
  /// these look-ups one after the other, so they are small, and what the next one waits for needs no shifting.
  let entries: [UInt16]
  /// The 32 choices a region has.
  let choices: [Choice]
  /// For each tree its leaves in the order of their codes: the code at the top of 32 bits, the code's length and signs,
  /// the values of 15.
  let longCodes: [[(code: UInt32, bits: Int, escapes: Int)]]
  /// Where the entries of quadruple table A and B begin.
  let quadrupleBases: [Int]

  /// The bits that one look-up takes in.
  static let width = 11
  /// The tables, built on first use.
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
    var places: [Int: Int] = [:]
    for (table, text) in MP3HuffmanTrees.pairs {
      let leaves = MP3HuffmanTables.leaves(text, hasEscapes: table >= 16)
      places[table] = longCodes.count
      longCodes.append(leaves.map { ($0.code, $0.length + $0.signs, $0.escapes) })
      entries += MP3HuffmanTables.lookup(leaves)
    }
    let bases = [entries.count, entries.count + 1 << MP3HuffmanTables.width]
    entries += MP3HuffmanTables.lookup(MP3HuffmanTables.quadruples())
    // Table B: four bits are the complement of four values, and each value that is not 0 has a sign.
    entries += MP3HuffmanTables.lookup(
      (0..<16).map { Leaf(code: UInt32($0) << 28, length: 4, signs: (~$0 & 15).nonzeroBitCount, escapes: 0) })
    let linbits = [1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13]
    choices = (0..<32).map { table in
      if table == 0 { return Choice(base: -1, tree: 0, linbits: 0) }
      let tree = places[table < 16 ? table : table < 24 ? 16 : 24]
      guard let tree else { return Choice(base: -2, tree: 0, linbits: 0) }
      return Choice(
        base: tree << MP3HuffmanTables.width, tree: tree, linbits: table < 16 ? 0 : linbits[table - 16])
    }
    self.entries = entries
    self.longCodes = longCodes
    quadrupleBases = bases
  }

  /// The places of the 2048 entries that begin at `base`.
  @inline(__always)
  static func places(_ base: Int) -> Range<Int> { base..<base + 1 << width }

  /// The length and the escapes of the code at the top of 32 bits.
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
    return stride(from: 0, to: digits.count, by: 3).map { place in
      let (length, x, y) = (digits[place], digits[place + 1], digits[place + 2])
      defer { next &+= 1 << (32 - length) }
      return Leaf(
        code: next, length: length, signs: (x > 0 ? 1 : 0) + (y > 0 ? 1 : 0),
        escapes: hasEscapes ? (x == 15 ? 1 : 0) + (y == 15 ? 1 : 0) : 0)
    }
  }

  private static func quadruples() -> [Leaf] {
    let digits = MP3HuffmanTrees.quadruples.utf8.map { Int($0) - ($0 < 58 ? 48 : 87) }
    var next: UInt32 = 0
    return stride(from: 0, to: digits.count, by: 2).map { place in
      defer { next &+= 1 << (32 - digits[place]) }
      return Leaf(code: next, length: digits[place], signs: digits[place + 1].nonzeroBitCount, escapes: 0)
    }
  }

  private static func lookup(_ leaves: [Leaf]) -> [UInt16] {
    (0..<1 << width).map { index in
      func leaf(at offset: Int) -> Leaf? {
        guard offset < width else { return nil }
        let word = UInt32(index) << (32 - width + offset)
        // The last leaf whose code is not beyond the word; only whole codes count.
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
