/// The cells in which stretches of both recordings are among the nearest of each other (Serrà, Serra and Andrzejak, New
/// Journal of Physics 11, 2009).
struct Recurrence: Sendable {
  let rows: Int
  let columns: Int
  /// 1 where they recur, else 0.
  let cells: [Float]

  private static let levels = 512
  private static let nearest = 0.1
  private static let penalty: (begun: Float, goesOn: Float) = (5, 0.5)

  init(_ similarity: SimilarityMatrix) {
    rows = similarity.rows
    columns = similarity.columns
    let levels = Self.levels
    var codes = [Int16](repeating: 0, count: similarity.values.count)
    for index in codes.indices { codes[index] = Int16(max(0, min(1, similarity.values[index])) * Float(levels - 1)) }
    var ofColumns = [Int32](repeating: 0, count: columns * levels)
    var ofRow = [Int32](repeating: 0, count: levels)
    var least = [Int16](repeating: 0, count: rows)
    let perRow = max(1, Int(Double(columns) * Self.nearest))
    let perColumn = max(1, Int(Double(rows) * Self.nearest))
    for row in 0..<rows {
      for level in 0..<levels { ofRow[level] = 0 }
      for column in 0..<columns {
        let code = Int(codes[row * columns + column])
        ofRow[code] += 1
        ofColumns[column * levels + code] += 1
      }
      least[row] = Self.threshold(ofRow, at: 0, keeping: perRow)
    }
    let floors = (0..<columns).map { Self.threshold(ofColumns, at: $0 * levels, keeping: perColumn) }
    var cells = [Float](repeating: 0, count: codes.count)
    for row in 0..<rows {
      let floor = least[row]
      for column in 0..<columns {
        let code = codes[row * columns + column]
        cells[row * columns + column] = code >= floor && code >= floors[column] ? 1 : 0
      }
    }
    self.cells = cells
  }

  private static func threshold(_ counts: [Int32], at base: Int, keeping wanted: Int) -> Int16 {
    var left = wanted
    for level in stride(from: levels - 1, through: 0, by: -1) {
      left -= Int(counts[base + level])
      if left <= 0 { return Int16(level) }
    }
    return 0
  }

  /// The length in frames of the longest chain of recurring cells, with its gaps subtracted: Qmax.
  var longest: Float {
    guard rows > 0, columns > 0 else { return 0 }
    let zeros = [Float](repeating: 0, count: columns + 2)
    var (one, two, oneLess, twoLess) = (zeros, zeros, zeros, zeros)
    var (scores, less) = (zeros, zeros)
    var best: Float = 0
    for row in 0..<rows {
      let top = Kernels.chainRow(
        recurs: cells, at: row * columns, one: one, two: two, oneLess: oneLess, twoLess: twoLess,
        penalty: Self.penalty, scores: &scores, less: &less, count: columns)
      best = max(best, top)
      swap(&two, &one)
      swap(&one, &scores)
      swap(&twoLess, &oneLess)
      swap(&oneLess, &less)
    }
    return best
  }
}
