/// How many files lie between one edge and the next, by verdict.
struct Histogram {
  /// Where one bin ends and the next begins, ascending; the first bin has no lower end, the last no upper one.
  let edges: [Double]
  /// The files of each bin, ready, preparable and rejected ones apart; one bin more than there are edges.
  private(set) var counts: [[Int]]
  /// Files of which the value is not known.
  private(set) var unknown = 0

  /// A histogram without files.
  ///
  /// - Parameters:
  ///   - edges: ascending and finite.
  ///   - limits: values that get an edge of their own, in place of what is within a tenth of them.
  init(edges: [Double], limits: [Double] = []) {
    let limits = limits.filter { $0.isFinite && $0 > 0 }
    let others = edges.filter { edge in !limits.contains { abs($0 - edge) <= 0.1 * $0 } }
    self.edges = Set(others + limits).sorted()
    counts = Array(repeating: [0, 0, 0], count: self.edges.count + 1)
  }

  /// Counts a file; what lies on an edge belongs to the bin above it.
  ///
  /// - Parameter verdict: 0 ready, 1 preparable, 2 rejected.
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

  /// The bins from the first with files to the last, at least eight where there are so many.
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
