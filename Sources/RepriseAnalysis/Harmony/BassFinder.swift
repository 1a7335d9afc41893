/// Finds the lowest note of each chord where it is clearly another than the root (an inversion).
///
/// Within a chord the bass is the most likely sequence of the chord's notes (Viterbi).
enum BassFinder {
  // How much likelier than the root another note must be in each interval, and once more where the bass changes, as
  // logarithms: passing notes are no inversions.
  private static let inversion = 2.0
  private static let change = 4.0

  /// Returns the chords with their basses.
  ///
  /// - Parameters:
  ///   - chords: A chord in root position, or none, for each interval.
  ///   - basses: Log-likelihoods of the twelve pitch classes to be the bass, for each interval.
  static func inverted(_ chords: [Chord?], basses: [[Double]]) -> [Chord?] {
    var result = chords
    var start = 0
    while start < chords.count {
      var end = start + 1
      while end < chords.count && chords[end] == chords[start] { end += 1 }
      if let chord = chords[start] {
        for (offset, bass) in path(of: chord, Array(basses[start..<end])).enumerated() {
          result[start + offset] = Chord(root: chord.root, quality: chord.quality, bass: bass)
        }
      }
      start = end
    }
    return result
  }

  private static func path(of chord: Chord, _ basses: [[Double]]) -> [Int] {
    let notes = chord.pitchClasses
    func gain(_ interval: Int, _ note: Int) -> Double { basses[interval][notes[note]] - (note == 0 ? 0 : inversion) }
    var score = notes.indices.map { gain(0, $0) }
    var back: [[Int]] = []
    for interval in basses.indices.dropFirst() {
      let best = score.indices.max { score[$0] < score[$1] } ?? 0
      let from = notes.indices.map { score[$0] >= score[best] - change ? $0 : best }
      score = notes.indices.map { max(score[$0], score[best] - change) + gain(interval, $0) }
      back.append(from)
    }
    var at = score.indices.max { score[$0] < score[$1] } ?? 0
    var path = [at]
    for from in back.reversed() {
      at = from[at]
      path.append(at)
    }
    return path.reversed().map { notes[$0] }
  }
}
