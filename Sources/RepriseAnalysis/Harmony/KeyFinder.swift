/// Finds the key from the chords.
///
/// Pitch classes alone are misled by the melody in a fifth of songs.
enum KeyFinder {
  // Fit of each triad by its distance from the tonic in semitones: diatonic chords, and in minor the major dominant of
  // the harmonic scale.
  private static let inMajor = [
    Triad(root: 0, isMinor: false): 1.0, Triad(root: 7, isMinor: false): 0.8, Triad(root: 5, isMinor: false): 0.75,
    Triad(root: 9, isMinor: true): 0.6, Triad(root: 2, isMinor: true): 0.5, Triad(root: 4, isMinor: true): 0.4,
  ]
  private static let inMinor = [
    Triad(root: 0, isMinor: true): 1.0, Triad(root: 7, isMinor: false): 0.7, Triad(root: 7, isMinor: true): 0.5,
    Triad(root: 5, isMinor: true): 0.7, Triad(root: 8, isMinor: false): 0.6, Triad(root: 3, isMinor: false): 0.5,
    Triad(root: 10, isMinor: false): 0.5,
  ]

  /// Returns the fit of a triad in a key, from 0 (foreign to the key) to 1 (the tonic).
  static func fit(of triad: Triad, in key: Triad) -> Double {
    let relative = Triad(root: triad.root - key.root, isMinor: triad.isMinor)
    return (key.isMinor ? inMinor : inMajor)[relative] ?? 0
  }

  // Fit of dominant sevenths by their distance from the tonic: the dominant, tonic and subdominant of the blues, and in
  // minor the seventh degree, the dominant of the relative major. Any other leads to a chord of the key.
  private static let sevenths = [7: 0.9, 0: 1.0, 5: 0.75]
  private static let seventhsInMinor = [7: 0.9, 10: 0.5]
  private static let secondaryDominant = 0.2
  // Fit of diminished chords on the leading note in major and the second degree in minor.
  private static let diminished = 0.5

  /// Returns the fit of a chord in a key, from 0 to 1; of a major or minor triad, that of the triad.
  static func fit(of chord: Chord, in key: Triad) -> Double {
    let degree = (chord.root - key.root).modulo(12)
    switch chord.quality {
    case .dominantSeventh: return (key.isMinor ? seventhsInMinor : sevenths)[degree] ?? secondaryDominant
    case .diminished, .diminishedSeventh, .halfDiminishedSeventh:
      return degree == (key.isMinor ? 2 : 11) ? diminished : 0
    default: return fit(of: chord.triad, in: key)
    }
  }

  /// Returns the key whose chords last longest in total, with the first and last chords as evidence for the tonic.
  ///
  /// The key is C major if there are no chords.
  static func key(of chords: [Chord?], durations: [Double]) -> Triad {
    let total = zip(chords, durations).reduce(0) { $0 + ($1.0 == nil ? 0 : $1.1) }
    let first = (chords.first { $0 != nil } ?? nil)?.triad
    let last = (chords.last { $0 != nil } ?? nil)?.triad
    var best = (key: Triad(root: 0, isMinor: false), score: -Double.infinity)
    for key in Triad.all {
      var score = 0.0
      for (chord, duration) in zip(chords, durations) {
        guard let chord else { continue }
        score += duration * fit(of: chord, in: key)
      }
      if first == key { score += 0.06 * total }
      if last == key { score += 0.06 * total }
      if score > best.score { best = (key, score) }
    }
    return best.key
  }
}
