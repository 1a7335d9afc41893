/// How much each beat looks like the first of a bar, on a scale of no meaning.
///
/// Chords change on bar lines more than anything else does; the bass and the kick drum come next. The learned model's
/// downbeats are right in one collection and on the third beat in another, so that they weigh little.
struct BarAccents: Sendable {
  /// One value per beat.
  let values: [Double]

  private static let chromaShare = 2.0
  private static let modelShare = 4.0
  private static let lowShare = 0.25
  private static let downbeatShare = 0.5

  init(beats: [Double], chroma: BeatChroma, chords: ChordEvidence, onsets: OnsetEnvelope, pulse: PulseEvidence) {
    var edge = 0
    values = beats.map { beat in
      while edge < chroma.edges.count && chroma.edges[edge] < beat { edge += 1 }
      // Nothing precedes the first interval, and no interval begins at a beat that is too near to an end.
      guard edge > 0, edge < chroma.treble.count, chroma.edges[edge] == beat else { return 0 }
      func novelty(_ chroma: [[Double]]) -> Double {
        1 - zip(chroma[edge - 1], chroma[edge]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let frame = Int((beat * OnsetEnvelope.rate).rounded())
      let change = chords.novelty.isEmpty ? 0 : chords.novelty[edge]
      return Self.chromaShare * (novelty(chroma.treble) + novelty(chroma.bass)) + Self.modelShare * change
        + Self.lowShare * min(4, Self.greatest(onsets.low, near: frame))
        + Self.downbeatShare * Self.greatest(pulse.downbeats, near: frame)
    }
  }

  // The greatest value within 35 ms of a frame.
  private static func greatest(_ values: [Float], near frame: Int) -> Double {
    let (first, end) = (max(0, frame - 3), min(values.count, frame + 4))
    guard first < end else { return 0 }
    return Double(values[first..<end].reduce(0) { max($0, $1) })
  }
}
