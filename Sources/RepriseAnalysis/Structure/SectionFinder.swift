import Foundation
import RepriseSystem

/// Finds the sections of a piece, which of them repeat each other, and which are likely to be the chorus.
struct SectionFinder: Sendable {
  /// The sections, from 0 to the end without gaps.
  let sections: [Analysis.Section]

  // A recording of more beats is compared bar by bar: the similarity takes the square of their number.
  private static let mostStretches = 1024
  private static let fewestBars = 4

  /// Finds the sections of a recording.
  ///
  /// - Parameters:
  ///   - chroma: Chroma vectors of the intervals between beats.
  ///   - texture: Level and spectral shape.
  ///   - downbeats: Beats that begin a bar, in seconds.
  ///   - seconds: Duration of the recording.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(
    _ chroma: BeatChroma, texture: SoundTexture, downbeats: [Double], seconds: Double, cancellation: Cancellation
  ) throws {
    let stretches = Stretches(chroma, downbeats: downbeats, most: Self.mostStretches)
    guard stretches.starts.count > Self.fewestBars else {
      sections = [.init(start: 0, end: seconds, label: "A")]
      return
    }
    let similarity = SelfSimilarity(
      treble: stretches.treble, bass: stretches.bass, timbre: texture.means(between: stretches.edges),
      bands: SoundTexture.bands)
    try cancellation.check()
    let boundaries = try SectionBoundaries(similarity, starts: stretches.starts, cancellation: cancellation)
    let found = boundaries.bars.map { stretches.starts[$0] }
    let spans = zip(found, found.dropFirst()).map { $0..<$1 }
    let groups = try SectionGroups(
      similarity, spans: spans, bar: stretches.bar, cancellation: cancellation
    ).groups
    let times = spans.map { (start: stretches.edges[$0.lowerBound], end: stretches.edges[$0.upperBound]) }
    let levels = times.map { texture.level(from: $0.start, to: $0.end) }
    let chorus = Self.chorus(groups, bars: spans.map { $0.count / stretches.bar }, levels: levels)
    sections = times.indices.map { index in
      .init(
        start: times[index].start, end: times[index].end, label: Self.label(groups[index]),
        isChorus: groups[index] == chorus)
    }
  }

  // The group that is played most often, then the loudest, of those that recur and are louder than the rest.
  private static func chorus(_ groups: [Int], bars: [Int], levels: [Double]) -> Int? {
    func mean(_ sections: [Int]) -> Double {
      sections.reduce(0) { $0 + levels[$1] } / Double(sections.count)
    }
    var best: (group: Int, count: Int, level: Double)?
    for group in Set(groups).sorted() {
      let own = groups.indices.filter { groups[$0] == group }
      // Introductions and endings are soft for reasons of their own.
      let others = groups.indices.filter { groups[$0] != group && $0 > 0 && $0 + 1 < groups.count }
      guard own.count > 1, own.allSatisfy({ bars[$0] >= fewestBars }), !others.isEmpty else { continue }
      let level = mean(own)
      guard level > mean(others) else { continue }
      if let best, (best.count, best.level) >= (own.count, level) { continue }
      best = (group, own.count, level)
    }
    return best?.group
  }

  // A … Z, then AA, AB …
  private static func label(_ group: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + group % 26)))
    return group < 26 ? letter : label(group / 26 - 1) + letter
  }
}

/// The pieces of a recording that are compared with each other: beats, or bars where there are very many beats.
private struct Stretches {
  /// Boundaries in seconds, 0 first, the end of the recording last.
  let edges: [Double]
  let treble: [[Double]]
  let bass: [[Double]]
  /// Indices of the stretches that begin a bar, 0 first, the number of stretches last.
  let starts: [Int]
  /// Number of stretches in a bar.
  let bar: Int

  init(_ chroma: BeatChroma, downbeats: [Double], most: Int) {
    let bars = Set(downbeats)
    var starts = chroma.treble.indices.filter { $0 == 0 || bars.contains(chroma.edges[$0]) }
    starts.append(chroma.treble.count)
    if chroma.treble.count <= most {
      edges = chroma.edges
      treble = chroma.treble
      bass = chroma.bass
      self.starts = starts
      let lengths = zip(starts, starts.dropFirst()).map { $1 - $0 }.sorted()
      bar = lengths.isEmpty ? 1 : max(1, lengths[lengths.count / 2])
    } else {
      let groups = zip(starts, starts.dropFirst()).map { $0..<$1 }
      edges = starts.map { chroma.edges[$0] }
      treble = groups.map { Self.mean(chroma.treble[$0]) }
      bass = groups.map { Self.mean(chroma.bass[$0]) }
      self.starts = Array(0...groups.count)
      bar = 1
    }
  }

  private static func mean(_ vectors: ArraySlice<[Double]>) -> [Double] {
    var sum = [Double](repeating: 0, count: 12)
    for vector in vectors {
      for index in 0..<12 { sum[index] += vector[index] }
    }
    let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 1e-6 ? sum.map { $0 / norm } : sum
  }
}
