import RepriseAnalysis

/// Labels over time in cells of 50 ms: pitch classes of the melody, roots or triads; −1 where there is none.
struct LabelTrack: Sendable {
  static let rate = 20.0
  var labels: [Int8]

  init(melodyOf analysis: Analysis) {
    labels = Self.empty(analysis.seconds)
    for note in analysis.melody {
      for cell in Self.cells(note.start, note.end, labels.count) { labels[cell] = Int8(note.pitch.modulo(12)) }
    }
  }

  /// Triads: the root, with 12 added for a minor third.
  init(triadsOf analysis: Analysis) {
    labels = Self.empty(analysis.seconds)
    for span in analysis.chords {
      guard let triad = span.chord?.triad else { continue }
      for cell in Self.cells(span.start, span.end, labels.count) {
        labels[cell] = Int8(triad.root + (triad.isMinor ? 12 : 0))
      }
    }
  }

  /// The same with another triad as its root alone.
  var roots: LabelTrack {
    var result = self
    for index in labels.indices where labels[index] >= 12 { result.labels[index] -= 12 }
    return result
  }

  private static func empty(_ seconds: Double) -> [Int8] {
    [Int8](repeating: -1, count: max(0, Int((seconds * rate).rounded(.up))))
  }

  private static func cells(_ start: Double, _ end: Double, _ count: Int) -> Range<Int> {
    let first = max(0, min(count, Int((start * rate).rounded())))
    return first..<max(first, min(count, Int((end * rate).rounded())))
  }
}
