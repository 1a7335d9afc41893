import Foundation
import RepriseSystem

/// Groups of sections that repeat each other, by average linkage.
struct SectionGroups: Sendable {
  /// The group of each section: 0 for the first, then in order of first appearance.
  let groups: [Int]

  // The smallest share of the longer section in which two are compared, if they differ by more than a bar.
  private static let overlap: Float = 0.7

  /// Groups sections.
  ///
  /// - Parameters:
  ///   - similarity: Self-similarity of the stretches.
  ///   - spans: The stretches of each section.
  ///   - bar: The number of stretches in a bar.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(_ similarity: SelfSimilarity, spans: [Range<Int>], bar: Int, cancellation: Cancellation) throws {
    let count = spans.count
    var likeness = [Float](repeating: 0, count: count * count)
    for one in 0..<count {
      try cancellation.check()
      for other in (one + 1)..<max(one + 1, count) {
        let value = Self.likeness(similarity, spans[one], spans[other], bar: bar)
        likeness[one * count + other] = value
        likeness[other * count + one] = value
      }
    }
    var clusters = (0..<count).map { [$0] }
    while clusters.count > 1 {
      var best: (value: Float, one: Int, other: Int) = (-.infinity, 0, 0)
      for one in clusters.indices {
        for other in (one + 1)..<max(one + 1, clusters.count) {
          var sum: Float = 0
          for a in clusters[one] { for b in clusters[other] { sum += likeness[a * count + b] } }
          let mean = sum / Float(clusters[one].count * clusters[other].count)
          if mean > best.value { best = (mean, one, other) }
        }
      }
      guard best.value > SectionBoundaries.repetition else { break }
      clusters[best.one] += clusters[best.other]
      clusters.remove(at: best.other)
    }
    var result = [Int](repeating: 0, count: count)
    // Clusters stay in the order of their first sections.
    for (group, cluster) in clusters.enumerated() {
      for section in cluster { result[section] = group }
    }
    groups = result
  }

  // The similarity along the best diagonal, in any transposition; less where one section sticks out.
  private static func likeness(_ similarity: SelfSimilarity, _ one: Range<Int>, _ other: Range<Int>, bar: Int) -> Float {
    let longer = max(one.count, other.count)
    let least = min(Int((overlap * Float(longer)).rounded(.up)), longer - bar)
    var best: Float = -1
    for offset in (1 - other.count)..<one.count {
      // Where `other` begins `offset` stretches after `one`.
      let first = max(0, offset)
      let last = min(one.count, offset + other.count)
      let common = last - first
      guard common >= max(1, least) else { continue }
      let share = (Float(common) / Float(longer)).squareRoot()
      for shift in 0..<12 {
        var sum: Float = 0
        for index in first..<last {
          sum += similarity.value(one.lowerBound + index, other.lowerBound + index - offset, shift: shift)
        }
        let handicap = shift == 0 ? 0 : SectionBoundaries.transposed - SectionBoundaries.repetition
        best = max(best, (sum / Float(common) - handicap) * share)
      }
    }
    return best
  }
}
