import Foundation

/// Finds the chord of each interval, or none, as the most likely sequence (Viterbi).
///
/// Chords tend to stay within a bar, to change at the beginning of a bar, and to belong to the key.
struct ChordDecoder: Sendable {
  /// One chord per interval of the chroma; nil is no chord.
  let chords: [Chord?]

  private static let keyReward = 0.9

  /// Decodes the chords of a recording.
  ///
  /// - Parameters:
  ///   - evidence: What speaks for each chord in each interval between beats.
  ///   - edges: Boundaries of the intervals, in seconds.
  ///   - changes: Probability of a chord change at the beginning of each interval, 0…1.
  init(_ evidence: ChordEvidence, edges: [Double], changes: [Double]) {
    let states = evidence.states
    let durations = zip(edges, edges.dropFirst()).map { $1 - $0 }
    func decode(_ bias: [Double]) -> [Chord?] {
      Self.decode(evidence.intervals, changes: changes, bias: bias).map { states[$0] }
    }
    let free = decode(Array(repeating: 0, count: states.count))
    let firstKey = KeyFinder.key(of: free, durations: durations)
    let reward = Self.keyReward * evidence.weight
    let decided = decode(states.map { $0.map { reward * KeyFinder.fit(of: $0, in: firstKey) } ?? 0 })
    chords = evidence.basses.isEmpty ? decided : BassFinder.inverted(decided, basses: evidence.basses)
  }

  // The most likely sequence of states.
  private static func decode(_ evidence: [[Double]], changes: [Double], bias: [Double]) -> [Int] {
    guard let first = evidence.first else { return [] }
    var score = zip(first, bias).map(+)
    var back: [[Int]] = []
    for stretch in 1..<max(1, evidence.count) {
      let change = max(0.01, min(0.9, changes[stretch]))
      let stay = log(1 - change)
      let move = log(change / 24)
      let best = score.indices.max { score[$0] < score[$1] } ?? 0
      var from = [Int](repeating: 0, count: score.count)
      var next = score
      for state in score.indices {
        let staying = score[state] + stay
        let moving = score[best] + move
        from[state] = staying >= moving ? state : best
        next[state] = max(staying, moving) + evidence[stretch][state] + bias[state]
      }
      score = next
      back.append(from)
    }
    var at = score.indices.max { score[$0] < score[$1] } ?? 0
    var path = [at]
    for from in back.reversed() {
      at = from[at]
      path.append(at)
    }
    return path.reversed()
  }
}
