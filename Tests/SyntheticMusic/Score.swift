package import RepriseAnalysis

/// Measures after mir_eval's definitions.
package enum Score {
  /// The share of the reference's time with chords in which the same triad was heard.
  package static func chords(_ truth: [Analysis.ChordSpan], _ heard: [Analysis.ChordSpan]) -> Double {
    var right = 0
    var all = 0
    for span in truth {
      for time in stride(from: span.start + 0.005, to: span.end, by: 0.01) {
        all += 1
        if heard.first(where: { $0.start <= time && time < $0.end })?.chord == span.chord { right += 1 }
      }
    }
    return Double(right) / Double(max(1, all))
  }

  /// F of notes with the right pitch whose onset is within 100 ms.
  package static func melody(_ truth: [Analysis.MelodyNote], _ heard: [Analysis.MelodyNote]) -> Double {
    var left = heard
    var hits = 0
    for note in truth {
      guard let index = left.firstIndex(where: { $0.pitch == note.pitch && abs($0.start - note.start) <= 0.1 }) else {
        continue
      }
      left.remove(at: index)
      hits += 1
    }
    return Double(2 * hits) / Double(max(1, truth.count + heard.count))
  }

  /// F of beats within 70 ms.
  package static func beats(_ truth: [Double], _ heard: [Double]) -> Double {
    var left = heard
    var hits = 0
    for beat in truth {
      guard let index = left.firstIndex(where: { abs($0 - beat) <= 0.07 }) else { continue }
      left.remove(at: index)
      hits += 1
    }
    return Double(2 * hits) / Double(max(1, truth.count + heard.count))
  }
}
