import RepriseAnalysis

/// The notes with which a chord is played, near a register and near the chord before.
struct Voicing: Sendable {
  private let centre: Int
  private let sevenths: Bool
  private let key: Triad
  private var last: [Int] = []

  init(centre: Int, sevenths: Bool, key: Triad) {
    self.centre = centre
    self.sevenths = sevenths
    self.key = key
  }

  /// Returns the close position nearest to the last chord's and to the register.
  mutating func notes(for chord: Triad) -> [Int] {
    let classes = chord.pitchClasses + (sevenths ? [seventh(of: chord)] : [])
    var best: (notes: [Int], cost: Double)?
    for turn in classes.indices {
      let order = Array(classes[turn...] + classes[..<turn])
      for octave in 1...7 {
        var notes: [Int] = []
        for pitchClass in order {
          var note = octave * 12 + pitchClass
          while let below = notes.last, note <= below { note += 12 }
          notes.append(note)
        }
        let mean = Double(notes.reduce(0, +)) / Double(notes.count)
        var cost = abs(mean - Double(centre)) * 0.6
        if last.count == notes.count { cost += Double(zip(last, notes).reduce(0) { $0 + abs($1.0 - $1.1) }) * 0.25 }
        if best == nil || cost < best?.cost ?? 0 { best = (notes, cost) }
      }
    }
    last = best?.notes ?? []
    return last
  }

  // Minor on the dominant's major third wants a flat seventh; major chords else have the major one.
  private func seventh(of chord: Triad) -> Int {
    let isDominant = (chord.root - key.root).modulo(12) == 7
    return (chord.root + (chord.isMinor || isDominant ? 10 : 11)) % 12
  }

  /// Returns the octave of a pitch class nearest to a pitch.
  static func nearest(_ pitchClass: Int, to pitch: Int) -> Int {
    let distance = ((pitchClass - pitch) % 12 + 18) % 12 - 6
    return pitch + distance
  }
}
