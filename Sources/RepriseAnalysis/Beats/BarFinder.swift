import Foundation

/// The beats that begin a bar and the meter, found from accents.
package struct BarFinder: Sendable {
  /// The meter: 3 or 4 beats in a bar; 6 for six eighths, each a beat or three of them.
  package let meter: Int
  /// Indices of the beats that begin a bar.
  package let downbeats: [Int]

  // Penalty for a bar that is cut short or a beat that was missed: what two or three bars' accents are worth.
  private static let slip = 8.0
  // What a bar of three must explain better than one of four, by far the more common, and one of six than both.
  private static let advantage = 0.05
  // The accent of the third beat of four, compared with the first's, from which on the bars are of two.
  private static let half = 0.55

  /// Finds the bars.
  ///
  /// - Parameters:
  ///   - accents: How much each beat looks like the first of a bar, on any scale.
  ///   - isCompound: Whether beats divide into three, so that a bar of two beats is one of six eighths.
  package init(accents: [Double], isCompound: Bool = false) {
    let mean = accents.reduce(0, +) / Double(max(1, accents.count))
    let variance = accents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, accents.count))
    let scale = variance > 1e-12 ? 1 / variance.squareRoot() : 0
    let values = accents.map { max(-2, min(3, ($0 - mean) * scale)) }
    let chosen: [Int]
    let four = Self.positions(values, meter: 4)
    let others = [3, 6].map { (meter: $0, found: Self.positions(values, meter: $0)) }
    let best = others[1].found.score > others[0].found.score + Self.advantage * Double(accents.count) ? 1 : 0
    if others[best].found.score > four.score + Self.advantage * Double(accents.count) {
      (meter, chosen) = (others[best].meter, others[best].found.positions)
    } else if isCompound && Self.isHalved(values, four.positions) {
      (meter, chosen) = (6, Self.positions(values, meter: 2).positions)
    } else {
      (meter, chosen) = (4, four.positions)
    }
    downbeats = chosen.indices.filter { chosen[$0] == 0 }
  }

  // Whether the third beats of bars of four are accented nearly as the first ones are.
  private static func isHalved(_ values: [Double], _ positions: [Int]) -> Bool {
    func mean(_ wanted: Set<Int>) -> Double {
      let found = values.indices.filter { wanted.contains(positions[$0]) }
      return found.reduce(0) { $0 + values[$1] } / Double(max(1, found.count))
    }
    let weak = mean([1, 3])
    let first = mean([0]) - weak
    return first > 0 && mean([2]) - weak > half * first
  }

  private static func positions(_ values: [Double], meter: Int) -> (positions: [Int], score: Double) {
    guard !values.isEmpty else { return ([], 0) }
    // A beat at position 0 earns its accent, the others lose their share of theirs: the sum over a bar is fair to
    // all meters.
    func gain(_ beat: Int, _ position: Int) -> Double {
      position == 0 ? values[beat] : -values[beat] / Double(meter - 1)
    }
    var score = (0..<meter).map { gain(0, $0) }
    var from: [[Int]] = []
    for beat in 1..<max(1, values.count) {
      let best = score.indices.max { score[$0] < score[$1] } ?? 0
      var next = [Double](repeating: 0, count: meter)
      var back = [Int](repeating: 0, count: meter)
      for position in 0..<meter {
        let regular = (position + meter - 1) % meter
        if score[regular] >= score[best] - slip {
          next[position] = score[regular] + gain(beat, position)
          back[position] = regular
        } else {
          next[position] = score[best] - slip + gain(beat, position)
          back[position] = best
        }
      }
      score = next
      from.append(back)
    }
    var at = score.indices.max { score[$0] < score[$1] } ?? 0
    let total = score[at]
    var path = [at]
    for back in from.reversed() {
      at = back[at]
      path.append(at)
    }
    return (path.reversed(), total)
  }
}
