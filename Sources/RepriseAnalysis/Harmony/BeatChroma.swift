import Foundation

/// Chroma vectors of each interval between beats: of the whole texture, and of the bass alone.
struct BeatChroma: Sendable {
  /// Boundaries of the intervals in seconds: 0, the beats, the end.
  let edges: [Double]
  /// Twelve values per interval, of unit length, or all 0 where nothing sounds.
  let treble: [[Double]]
  /// Twelve values per interval, of unit length, or all 0.
  let bass: [[Double]]
  /// Mean of the note activations in each interval.
  let strength: [Double]

  init(_ spectrum: NoteSpectrum, beats: [Double], seconds: Double) {
    edges = [0] + beats.filter { $0 > 0.05 && $0 < seconds - 0.05 } + [seconds]
    let rate = Hearing.sampleRate / Double(NoteSpectrum.hop)
    let trebleWeights = NoteSpectrum.notes.map { Self.trebleWeight($0) }
    let bassWeights = NoteSpectrum.notes.map { Self.bassWeight($0) }
    var treble: [[Double]] = []
    var bass: [[Double]] = []
    var strength: [Double] = []
    for (start, end) in zip(edges, edges.dropFirst()) {
      let first = min(max(0, spectrum.frames.count - 1), Int((start * rate).rounded(.up)))
      let last = max(first, min(spectrum.frames.count - 1, Int((end * rate).rounded(.down))))
      var high = [Double](repeating: 0, count: 12)
      var low = [Double](repeating: 0, count: 12)
      var sum = 0.0
      for frame in first...last where frame < spectrum.frames.count {
        for (index, value) in spectrum.frames[frame].enumerated() where value > 0 {
          let pitchClass = (NoteSpectrum.notes.lowerBound + index) % 12
          high[pitchClass] += Double(value) * trebleWeights[index]
          low[pitchClass] += Double(value) * bassWeights[index]
          sum += Double(value)
        }
      }
      treble.append(Self.unit(high))
      bass.append(Self.unit(low))
      strength.append(sum / Double(last - first + 1))
    }
    self.treble = treble
    self.bass = bass
    self.strength = strength
  }

  // Full from C3 to C6, fading below and above: the chord's own register.
  static func trebleWeight(_ note: Int) -> Double {
    max(0, min(1, Double(note - 36) / 16, Double(97 - note) / 16))
  }

  // Full from E1 to E2, gone at G3.
  static func bassWeight(_ note: Int) -> Double {
    max(0, min(1, Double(note - 23) / 5, Double(55 - note) / 14))
  }

  private static func unit(_ values: [Double]) -> [Double] {
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 1e-6 ? values.map { $0 / norm } : values.map { _ in 0 }
  }
}
