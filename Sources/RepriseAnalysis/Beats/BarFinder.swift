import Foundation

/// The beats that begin a bar and the meter, three or four beats, found from chord changes and bass onsets.
struct BarFinder: Sendable {
  /// Number of beats in a bar: 3 or 4.
  let meter: Int
  /// Indices of the beats that begin a bar.
  let downbeats: [Int]

  // Penalty for a bar that is cut short or a beat that was missed.
  private static let slip = 4.0

  /// Finds the bars.
  ///
  /// - Parameter accents: Likelihood of each beat to be the first of a bar, on any scale.
  init(accents: [Double]) {
    let mean = accents.reduce(0, +) / Double(max(1, accents.count))
    let variance = accents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, accents.count))
    let scale = variance > 1e-12 ? 1 / variance.squareRoot() : 0
    let values = accents.map { max(-2, min(3, ($0 - mean) * scale)) }
    let four = Self.positions(values, meter: 4)
    let three = Self.positions(values, meter: 3)
    // A bar of three must explain the accents clearly better: four is by far the more common.
    let isThree = three.score > four.score + 0.05 * Double(accents.count)
    meter = isThree ? 3 : 4
    downbeats = (isThree ? three : four).positions.indices.filter {
      (isThree ? three : four).positions[$0] == 0
    }
  }

  private static func positions(_ values: [Double], meter: Int) -> (positions: [Int], score: Double) {
    guard !values.isEmpty else { return ([], 0) }
    // A beat at position 0 earns its accent, the others lose their share of theirs: the sum over a bar is fair to
    // both meters.
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
