/// A major or minor key with the spelling of its notes.
package struct KeySignature: Sendable, Hashable {
  /// Name of the tonic.
  package let tonic: NoteName
  /// `true` if the key is minor.
  package let isMinor: Bool

  /// Creates the key of a tonic triad, with at most six accidentals: F♯ major rather than G♭, E♭ minor rather than D♯.
  package init(_ triad: Triad) {
    isMinor = triad.isMinor
    let lowest = triad.isMinor ? -3 : -5
    tonic = NoteName(fifths: lowest + (triad.root * 7 - lowest).modulo(12))
  }

  /// Number of sharps, or of flats if negative, −6…6.
  package var accidentals: Int { isMinor ? tonic.fifths - 3 : tonic.fifths }

  /// Returns the name with its mode, such as `B♭ minor`.
  package func name(_ style: AccidentalStyle) -> String { tonic.text(style) + (isMinor ? " minor" : " major") }

  /// Returns the name as that of the tonic triad, such as `Bbm`.
  package func symbol(_ style: AccidentalStyle) -> String { tonic.text(style) + (isMinor ? "m" : "") }

  /// Returns `true` if the name is one of the seven of the natural scale.
  package func isDiatonic(_ name: NoteName) -> Bool { (accidentals - 1...accidentals + 5).contains(name.fifths) }

  /// Returns the name of a pitch class in the key.
  ///
  /// The twelve are those from the minor second to the augmented fourth above the tonic on the line of fifths: lowered
  /// second, third, sixth and seventh, raised fourth, and in minor the raised sixth and seventh. C♭, F♭, E♯ and B♯ occur
  /// only as notes of the scale.
  package func name(of pitchClass: Int) -> NoteName {
    let lowest = tonic.fifths - 5
    let name = NoteName(fifths: lowest + (pitchClass * 7 - lowest).modulo(12))
    guard !isDiatonic(name) else { return name }
    switch name.fifths {
    case ...(-7): return NoteName(fifths: name.fifths + 12)
    case 11...: return NoteName(fifths: name.fifths - 12)
    default: return name
    }
  }

  /// Alteration of each letter by the signature, from C to B.
  package var alterations: [Int] {
    (0..<7).map { step in
      let natural = [0, 2, 4, -1, 1, 3, 5][step]
      // The scale holds exactly one name of each letter.
      return [-14, -7, 0, 7, 14].map { NoteName(fifths: natural + $0) }.first(where: isDiatonic)?.alteration ?? 0
    }
  }
}
