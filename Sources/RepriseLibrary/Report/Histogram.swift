/// Number of files between one edge and the next, by verdict.
struct Histogram {
  /// The boundaries between bins, ascending; the first bin has no lower end, the last no upper one.
  let edges: [Double]
  /// Number of files of each bin, ready, preparable and rejected ones apart; one bin more than there are edges.
  private(set) var counts: [[Int]]
  /// Number of files whose value is not known.
  private(set) var unknown = 0

  /// Creates a histogram without files.
  ///
  /// - Parameters:
  ///   - edges: The boundaries between bins, ascending and finite.
  ///   - limits: Values that get an edge of their own, in place of edges within a tenth of them.
  init(edges: [Double], limits: [Double] = []) {
    let limits = limits.filter { $0.isFinite && $0 > 0 }
    let others = edges.filter { edge in !limits.contains { abs($0 - edge) <= 0.1 * $0 } }
    self.edges = Set(others + limits).sorted()
    counts = Array(repeating: [0, 0, 0], count: self.edges.count + 1)
  }

  /// Counts a file; a value on an edge belongs to the bin above it.
  ///
  /// - Parameters:
  ///   - value: The file's value; `nil` if it is not known.
  ///   - verdict: 0 ready, 1 preparable, 2 rejected.
  mutating func add(_ value: Double?, verdict: Int) {
    guard let value, value.isFinite else {
      unknown += 1
      return
    }
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    counts[low][verdict] += 1
  }

  /// The bins from the first with files to the last, at least eight if there are eight.
  var used: Range<Int> {
    let filled = counts.indices.filter { counts[$0].contains { $0 > 0 } }
    var (first, last) = (filled.first ?? counts.count / 2, filled.last ?? counts.count / 2)
    while last - first < 7, first > 0 || last < counts.count - 1 {
      if first > 0 { first -= 1 }
      if last < counts.count - 1, last - first < 7 { last += 1 }
    }
    return first..<last + 1
  }
}
