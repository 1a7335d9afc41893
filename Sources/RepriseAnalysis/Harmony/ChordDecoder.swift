import Foundation

/// Finds the triad of each interval, or none, as the most likely sequence (Viterbi).
///
/// Chords tend to stay within a bar, to change at the beginning of a bar, and to belong to the key.
struct ChordDecoder: Sendable {
  /// One chord per interval of the chroma; nil is no chord.
  let chords: [Triad?]
  /// The key implied by the chords.
  let key: Triad

  private static let none = 24
  private static let sharpness = 14.0
  private static let bassShare = 0.35
  private static let keyReward = 0.9

  /// Decodes the chords of a recording.
  ///
  /// - Parameters:
  ///   - chroma: Chroma vectors of each interval between beats.
  ///   - changes: Probability of a chord change at the beginning of each interval, 0…1.
  init(_ chroma: BeatChroma, changes: [Double]) {
    let evidence = chroma.treble.indices.map { Self.evidence(chroma, $0) }
    let durations = zip(chroma.edges, chroma.edges.dropFirst()).map { $1 - $0 }
    let free = Self.decode(evidence, changes: changes, bias: Array(repeating: 0, count: 25))
    let firstKey = KeyFinder.key(of: free, durations: durations)
    let bias = (0..<25).map { $0 == Self.none ? 0 : Self.keyReward * KeyFinder.fit(of: Triad.all[$0], in: firstKey) }
    let decided = Self.decode(evidence, changes: changes, bias: bias)
    chords = decided
    key = KeyFinder.key(of: decided, durations: durations)
  }

  // Log-likelihoods up to a constant: how well the chroma looks like the triad's.
  private static func evidence(_ chroma: BeatChroma, _ stretch: Int) -> [Double] {
    let treble = chroma.treble[stretch]
    let bass = chroma.bass[stretch]
    var result = Triad.all.map { triad -> Double in
      let classes = triad.pitchClasses
      let other = (triad.root + (triad.isMinor ? 4 : 3)) % 12
      let fit = (treble[classes[0]] + treble[classes[1]] + treble[classes[2]]) / 3.0.squareRoot()
      let low = bass[classes[0]] + 0.3 * bass[classes[2]] + 0.3 * bass[classes[1]]
      return sharpness * (fit - 0.15 * treble[other] + bassShare * low)
    }
    // Three equal notes of twelve at random reach about half; below that nothing speaks for a chord.
    let sounds = chroma.strength[stretch] > 0.02
    result.append(sounds ? sharpness * 0.62 : sharpness * 3)
    return result
  }

  private static func decode(_ evidence: [[Double]], changes: [Double], bias: [Double]) -> [Triad?] {
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
    var at = score.indices.max { score[$0] < score[$1] } ?? none
    var path = [at]
    for from in back.reversed() {
      at = from[at]
      path.append(at)
    }
    return path.reversed().map { $0 == none ? nil : Triad.all[$0] }
  }
}
