/// A chord as musicians write it: `Am7`, `B♭maj7/D`, `Dm7♭5`.
package struct ChordSymbol: Sendable, Hashable {
  /// Symbol of a time without a chord.
  package static let noChord = "N.C."

  /// Name of the root.
  package let root: NoteName
  /// The kind of the chord.
  package let quality: Chord.Quality
  /// Name of the lowest note; nil in root position.
  package let bass: NoteName?

  /// Creates the symbol of a chord, spelled in a key.
  package init(_ chord: Chord, in key: KeySignature) {
    var root = key.name(of: chord.root)
    // A diminished chord on a chromatic note leads upwards: C♯dim7 to Dm, not D♭dim7.
    let leadsUp = chord.quality == .diminished || chord.quality == .diminishedSeventh
    let raised = NoteName(fifths: root.fifths + 12)
    if leadsUp, !key.isDiatonic(root), root.alteration < 0, raised.fifths <= 10 { root = raised }
    self.root = root
    quality = chord.quality
    bass =
      chord.bass == chord.root
      ? nil : Self.tone(chord.bass, of: chord, root: root)?.simplified ?? key.name(of: chord.bass)
  }

  /// Returns the symbol in text.
  package func text(_ style: AccidentalStyle) -> String {
    let flat = style == .symbols ? "♭" : "b"
    let suffix = quality.suffix.replacing("b", with: flat)
    return root.text(style) + suffix + (bass.map { "/" + $0.text(style) } ?? "")
  }

  /// Returns the text of a chord or of none.
  package static func text(_ chord: Chord?, in key: KeySignature, _ style: AccidentalStyle) -> String {
    chord.map { ChordSymbol($0, in: key).text(style) } ?? noChord
  }

  /// Returns the name of a pitch class within the chord; nil if the chord does not contain it.
  package static func name(of pitchClass: Int, within chord: Chord, in key: KeySignature) -> NoteName? {
    tone(pitchClass, of: chord, root: ChordSymbol(chord, in: key).root)?.simplified
  }

  private static func tone(_ pitchClass: Int, of chord: Chord, root: NoteName) -> NoteName? {
    let interval = (pitchClass - chord.root).modulo(12)
    guard chord.quality.intervals.contains(interval) else { return nil }
    let fifths =
      switch interval {
      case 6: -6
      case 8: 8
      case 9: chord.quality == .diminishedSeventh ? -9 : 3
      default: [0, -5, 2, -3, 4, -1, -6, 1, 8, 3, -2, 5][interval]
      }
    return NoteName(fifths: root.fifths + fifths)
  }
}

extension Chord.Quality {
  /// What follows the root in a chord symbol, with `b` for a flat.
  package var suffix: String {
    switch self {
    case .major: ""
    case .minor: "m"
    case .augmented: "aug"
    case .diminished: "dim"
    case .majorSixth: "6"
    case .minorSixth: "m6"
    case .dominantSeventh: "7"
    case .majorSeventh: "maj7"
    case .minorSeventh: "m7"
    case .minorMajorSeventh: "m(maj7)"
    case .diminishedSeventh: "dim7"
    case .halfDiminishedSeventh: "m7b5"
    case .suspendedSecond: "sus2"
    case .suspendedFourth: "sus4"
    }
  }
}
