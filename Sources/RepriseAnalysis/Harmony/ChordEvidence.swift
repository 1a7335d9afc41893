import Foundation

/// How well each chord explains each interval between beats, from the note spectrum and, where it is there, the learned
/// chord model.
struct ChordEvidence: Sendable {
  /// The chords that are told apart; nil is no chord.
  let states: [Chord?]
  /// Log-likelihoods up to a constant, one per state, for each interval.
  let intervals: [[Double]]
  /// Logarithms of the probabilities of the twelve pitch classes to be the bass, for each interval; empty without the
  /// learned model.
  let basses: [[Double]]
  /// What the evidence of an interval weighs against that of the note spectrum alone.
  let weight: Double
  /// How unlike the chords before and after the beginning of each interval are, 0…1; empty without the learned model.
  let novelty: [Double]

  private static let sharpness = 14.0
  private static let bassShare = 0.35
  // A third of what each note of the triad counts: overtones sound like sevenths.
  private static let fourthShare = 0.2
  // What the two weigh together: figures hardly change from half to twice of either.
  private static let spectrumShare = 0.6
  private static let modelShare = 2.0
  private static let least: Float = 1e-6

  /// Gathers evidence from the note spectrum alone, for major and minor triads.
  init(_ chroma: BeatChroma) {
    let chords = Triad.all.map { Chord($0) }
    states = chords.map { $0 } + [nil]
    intervals = chroma.treble.indices.map { Self.fits(of: chords, chroma, $0) }
    basses = []
    weight = 1
    novelty = []
  }

  /// Gathers evidence from both: log-likelihoods are added.
  init(_ chroma: BeatChroma, _ posteriors: ChordNetwork.Posteriors) {
    let indices = ChordNetwork.labels.indices.filter { ChordNetwork.labels[$0] != .other }
    let chords = indices.map { index -> Chord? in
      if case .chord(let chord) = ChordNetwork.labels[index] { chord } else { nil }
    }
    // No chord comes last.
    let order = indices.indices.filter { chords[$0] != nil } + indices.indices.filter { chords[$0] == nil }
    let sounding = order.compactMap { chords[$0] }
    var intervals: [[Double]] = []
    var basses: [[Double]] = []
    var shares: [[Double]] = []
    for (interval, (start, end)) in zip(chroma.edges, chroma.edges.dropFirst()).enumerated() {
      let frames = Self.frames(from: start, to: end, count: posteriors.frames)
      let (logs, probabilities) = Self.means(posteriors.chords, width: ChordNetwork.labels.count, frames)
      let fits = Self.fits(of: sounding, chroma, interval)
      intervals.append(
        order.indices.map { Self.modelShare * logs[indices[order[$0]]] + Self.spectrumShare * fits[$0] })
      basses.append(Array(Self.means(posteriors.bass, width: 13, frames).logs.prefix(12)))
      shares.append(probabilities)
    }
    states = order.map { chords[$0] }
    self.intervals = intervals
    self.basses = basses
    weight = Self.spectrumShare + Self.modelShare
    novelty = shares.indices.map { index in
      // Bhattacharyya's coefficient of the two distributions.
      index == 0 ? 0 : 1 - zip(shares[index - 1], shares[index]).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() }
    }
  }

  // Log-likelihoods up to a constant: how well the chroma looks like each chord's triad, and last that of no chord.
  private static func fits(of chords: [Chord], _ chroma: BeatChroma, _ interval: Int) -> [Double] {
    let treble = chroma.treble[interval]
    let bass = chroma.bass[interval]
    var result = chords.map { chord -> Double in
      let classes = chord.quality.intervals.prefix(3).map { (chord.root + $0) % 12 }
      let other = (chord.root + (chord.quality.isMinor ? 4 : 3)) % 12
      let fit = (treble[classes[0]] + treble[classes[1]] + treble[classes[2]]) / 3.0.squareRoot()
      let low = bass[classes[0]] + 0.3 * bass[classes[2]] + 0.3 * bass[classes[1]]
      let fourth = chord.quality.intervals.count > 3 ? treble[(chord.root + chord.quality.intervals[3]) % 12] : 0
      return sharpness * (fit - 0.15 * treble[other] + bassShare * low + fourthShare * fourth)
    }
    // Three equal notes of twelve at random reach about half; below that nothing speaks for a chord.
    let sounds = chroma.strength[interval] > 0.02
    result.append(sounds ? sharpness * 0.62 : sharpness * 3)
    return result
  }

  // The model's frames whose centres are within a time span, or the one nearest to its middle.
  private static func frames(from start: Double, to end: Double, count: Int) -> Range<Int> {
    guard count > 0 else { return 0..<0 }
    let first = max(0, min(count, Int((start * ConstantQ.rate).rounded(.up))))
    let last = max(first, min(count, Int((end * ConstantQ.rate).rounded(.up))))
    if first < last { return first..<last }
    let nearest = max(0, min(count - 1, Int(((start + end) / 2 * ConstantQ.rate).rounded())))
    return nearest..<(nearest + 1)
  }

  // The means over frames of the logarithms of the probabilities, and of the probabilities.
  private static func means(
    _ values: [Float], width: Int, _ frames: Range<Int>
  ) -> (logs: [Double], probabilities: [Double]) {
    var logs = [Double](repeating: 0, count: width)
    var sums = logs
    for frame in frames {
      for index in 0..<width {
        let value = values[frame * width + index]
        logs[index] += Double(log(max(least, value)))
        sums[index] += Double(value)
      }
    }
    let count = Double(max(1, frames.count))
    return (logs.map { $0 / count }, sums.map { $0 / count })
  }
}
