import Foundation

/// The keys of a piece over time, as the most likely sequence over the bars (Viterbi) in which a change is rare.
package struct KeyTracker: Sendable {
  /// The keys, from 0 to the end without gaps; each begins with a bar.
  package let spans: [Analysis.KeySpan]
  /// The key that lasts longest.
  package let key: Triad
  /// Probability that `key` is right if the recording is music, 0…1.
  package let confidence: Double

  // What a change must gain, in bars of perfect fit; more between keys that share all notes of the scale but one, or the
  // tonic, where an excursion is no modulation.
  private static let change = 3.0
  private static let nearChange = 5.0
  // What the first and the last chord weigh as the tonic, in each bar.
  private static let frame = 0.06

  /// Finds the keys.
  ///
  /// - Parameters:
  ///   - chords: One chord per interval; nil is no chord.
  ///   - edges: Boundaries of the intervals in seconds, one more than there are chords.
  ///   - downbeats: Those of the boundaries that begin a bar.
  package init(_ chords: [Chord?], edges: [Double], downbeats: [Double]) {
    let starts = Set(downbeats)
    let firsts = chords.indices.filter { $0 == 0 || starts.contains(edges[$0]) }
    let bars = zip(firsts, firsts.dropFirst() + [chords.count]).map { $0..<$1 }
    let fits = Self.fits(chords, edges: edges, bars: bars)
    let path = Self.path(fits)
    var spans: [Analysis.KeySpan] = []
    for (bar, state) in path.enumerated() {
      let key = Triad.all[state]
      if spans.last?.key == key {
        spans[spans.count - 1].end = edges[bars[bar].upperBound]
      } else {
        spans.append(.init(start: edges[bars[bar].lowerBound], end: edges[bars[bar].upperBound], key: key))
      }
    }
    // C major if there is nothing to go by.
    if spans.isEmpty { spans = [.init(start: 0, end: edges.last ?? 0, key: Triad.all[0])] }
    var lasts = [Double](repeating: 0, count: Triad.all.count)
    for span in spans { lasts[span.key.index] += span.end - span.start }
    let longest = lasts.indices.max { lasts[$0] < lasts[$1] } ?? 0
    self.spans = spans
    key = Triad.all[longest]
    confidence = Self.confidence(in: longest, over: path.indices.filter { path[$0] == longest }.map { fits[$0] })
  }

  // The fit of each key in each bar, 0…1.
  private static func fits(_ chords: [Chord?], edges: [Double], bars: [Range<Int>]) -> [[Double]] {
    var result = bars.map { bar -> [Double] in
      let length = max(1e-6, edges[bar.upperBound] - edges[bar.lowerBound])
      var sums = [Double](repeating: 0, count: Triad.all.count)
      for index in bar {
        guard let chord = chords[index] else { continue }
        let share = (edges[index + 1] - edges[index]) / length
        for (state, key) in Triad.all.enumerated() { sums[state] += share * KeyFinder.fit(of: chord, in: key) }
      }
      return sums
    }
    // In every bar, so that it speaks for a key of the piece and not for a change after the first bar.
    for chord in [chords.first { $0 != nil }, chords.last { $0 != nil }] {
      guard let triad = chord??.triad else { continue }
      for bar in result.indices { result[bar][triad.index] += frame }
    }
    return result
  }

  private static let costs = Triad.all.map { one in
    Triad.all.map { other -> Double in
      let distance = (scale(one) - scale(other)).modulo(12)
      return one == other ? 0 : one.root == other.root || [0, 5, 7].contains(distance) ? nearChange : change
    }
  }

  // The major key with the same scale.
  private static func scale(_ key: Triad) -> Int { (key.root + (key.isMinor ? 3 : 0)) % 12 }

  private static func path(_ fits: [[Double]]) -> [Int] {
    guard var score = fits.first else { return [] }
    var back: [[Int]] = []
    for fit in fits.dropFirst() {
      var from = [Int](repeating: 0, count: score.count)
      var next = score
      for state in score.indices {
        var best = state
        for other in score.indices
        where score[other] - costs[other][state] > score[best] - costs[best][state] {
          best = other
        }
        from[state] = best
        next[state] = score[best] - costs[best][state] + fit[state]
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

  // By the lead of the key on the next best, in fit per bar.
  private static func confidence(in key: Int, over fits: [[Double]]) -> Double {
    guard !fits.isEmpty else { return 0 }
    let sums = Triad.all.indices.map { state in fits.reduce(0) { $0 + $1[state] } / Double(fits.count) }
    let lead = sums[key] - (sums.indices.filter { $0 != key }.map { sums[$0] }.max() ?? 0)
    return 1 / (1 + exp(-(offset + slope * lead)))
  }

  // From the chords of the benchmarks' songs with part of them replaced at random, which gives 34; chords that are
  // really misheard mislead together.
  private static let offset = -1.5
  private static let slope = 25.0
}
