import Foundation
import RepriseSystem

/// Boundaries of sections at the beginnings of bars.
///
/// The boundaries maximise, by dynamic programming, what the sections explain: a section that is played again earns
/// the similarity to its repetition (Serrà et al., IEEE TMM 16(5), 2014); a boundary between unlike passages earns its
/// novelty (Foote, ICME 2000); each section costs the same, more if its length is irregular (Sargent, Bimbot and
/// Vincent, IEEE/ACM TASLP 25(2), 2017: eight bars are the most common in popular music).
struct SectionBoundaries: Sendable {
  /// Indices in the bars' beginnings, from the first to the last.
  let bars: [Int]

  // Similarity from which a stretch counts as a repetition.
  static let repetition: Float = 0.5
  // A transposed repetition is more often so by chance: there are eleven of them.
  static let transposed: Float = 0.65
  private static let sectionCost: Float = 1.5
  private static let irregularity: Float = 3
  private static let noveltyReward: Float = 0.3
  private static let noveltyReach = 4
  private static let longest = 24

  /// Finds the boundaries.
  ///
  /// - Parameters:
  ///   - similarity: Self-similarity of the stretches.
  ///   - starts: Stretches that begin a bar, ascending, 0 first and the number of stretches last.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(_ similarity: SelfSimilarity, starts: [Int], cancellation: Cancellation) throws {
    let count = starts.count
    guard count > 2 else {
      bars = Array(starts.indices)
      return
    }
    let lengths = zip(starts, starts.dropFirst()).map { $1 - $0 }.sorted()
    let bar = max(1, lengths[lengths.count / 2])
    let novelty = Self.novelty(similarity, starts: starts, reach: Self.noveltyReach * bar, shortest: bar)
    let repeated = try Self.repetitions(similarity, starts: starts, cancellation: cancellation)
    var best = [Float](repeating: -.infinity, count: count)
    var from = [Int](repeating: 0, count: count)
    best[0] = 0
    for end in 1..<count {
      for length in 1...min(Self.longest, end) {
        let start = end - length
        let stretches = Float(starts[end] - starts[start]) / Float(bar)
        let irregular = Self.irregularity(of: max(1, Int(stretches.rounded())))
        // The first and the last section may be cut short.
        let whole: Float = start == 0 || end == count - 1 ? 0.5 : 1
        let gain = repeated[start * (Self.longest + 1) + length] / Float(bar)
        let value =
          best[start] + gain - Self.sectionCost - Self.irregularity * whole * irregular
          + (end < count - 1 ? Self.noveltyReward * novelty[end] : 0)
        if value > best[end] {
          best[end] = value
          from[end] = start
        }
      }
    }
    var at = count - 1
    var path = [at]
    while at > 0 {
      at = from[at]
      path.append(at)
    }
    bars = path.reversed()
  }

  private static func irregularity(of bars: Int) -> Float {
    if bars == 8 { return 0 }
    if bars > 16 { return 0.75 }
    if bars == 16 { return 0.5 }
    if bars.isMultiple(of: 4) { return 0.25 }
    return bars.isMultiple(of: 2) ? 0.5 : 1
  }

  // By a tapered checkerboard at each bar's beginning, divided by its standard deviation.
  private static func novelty(_ similarity: SelfSimilarity, starts: [Int], reach: Int, shortest: Int) -> [Float] {
    let taper = (0..<reach).map { expf(-2 * powf((Float($0) + 0.5) / Float(reach), 2)) }
    var result = [Float](repeating: 0, count: starts.count)
    for (index, middle) in starts.enumerated() {
      let before = min(reach, middle)
      let after = min(reach, similarity.count - middle)
      guard before >= shortest, after >= shortest else { continue }
      // Sums and weights of: before with before, after with after, before with after.
      var sums: (Float, Float, Float) = (0, 0, 0)
      var weights: (Float, Float, Float) = (0, 0, 0)
      for one in -before..<after {
        for other in -before..<after {
          let weight = taper[one < 0 ? -1 - one : one] * taper[other < 0 ? -1 - other : other]
          let product = weight * similarity.value(middle + one, middle + other)
          if one < 0 && other < 0 {
            sums.0 += product
            weights.0 += weight
          } else if one >= 0 && other >= 0 {
            sums.1 += product
            weights.1 += weight
          } else {
            sums.2 += product
            weights.2 += weight
          }
        }
      }
      result[index] = (sums.0 / weights.0 + sums.1 / weights.1) / 2 - sums.2 / weights.2
    }
    let mean = result.reduce(0, +) / Float(result.count)
    let variance = result.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(result.count)
    return variance > 1e-12 ? result.map { $0 / variance.squareRoot() } : result
  }

  // For each first bar and number of bars: the sum along the best diagonal of the similarity beyond that of chance
  // repetitions, in any transposition.
  private static func repetitions(
    _ similarity: SelfSimilarity, starts: [Int], cancellation: Cancellation
  ) throws -> [Float] {
    let count = similarity.count
    let width = longest + 1
    var result = [Float](repeating: 0, count: starts.count * width)
    var barAt = [Int](repeating: -1, count: count + 1)
    for (bar, start) in starts.enumerated() { barAt[start] = bar }
    var sums = [Float](repeating: 0, count: count + 1)
    for lag in 1..<count {
      let pairs = starts.indices.filter { starts[$0] + lag < count && barAt[starts[$0] + lag] >= 0 }
      guard !pairs.isEmpty else { continue }
      try cancellation.check()
      for shift in 0..<12 {
        let threshold = shift == 0 ? repetition : transposed
        for start in 0..<(count - lag) {
          sums[start + 1] = sums[start] + similarity.value(start, start + lag, shift: shift) - threshold
        }
        // The section may be the earlier or the later of the two.
        for pair in pairs {
          let begin = starts[pair]
          for bar in [pair, barAt[begin + lag]] {
            for length in 1..<width where bar + length < starts.count {
              let stretches = starts[bar + length] - starts[bar]
              guard stretches <= lag, begin + stretches + lag <= count else { break }
              let gain = sums[begin + stretches] - sums[begin]
              if gain > result[bar * width + length] { result[bar * width + length] = gain }
            }
          }
        }
      }
    }
    return result
  }
}
