/// How accidentals are written in text.
package enum AccidentalStyle: Sendable {
  /// `♭` and `♯`, for people.
  case symbols
  /// `b` and `#`, for file formats.
  case letters
}

/// The name of a note without an octave, such as B♭: a position on the line of fifths.
package struct NoteName: Sendable, Hashable {
  /// Position on the line of fifths: F −1, C 0, G 1, B♭ −2, F♯ 6.
  package let fifths: Int

  /// Creates a name from its position on the line of fifths.
  package init(fifths: Int) { self.fifths = fifths }

  /// Letter as steps above C: 0 is C, 6 is B.
  package var step: Int { (fifths * 4).modulo(7) }

  /// The letter, C to B.
  package var letter: Character { Self.letters[step] }

  /// Accidental in semitones: 1 is a sharp, −2 a double flat.
  package var alteration: Int { (fifths + 1 - (fifths + 1).modulo(7)) / 7 }

  /// Pitch class: 0 is C, 11 is B.
  package var pitchClass: Int { (fifths * 7).modulo(12) }

  /// Returns the octave in which a MIDI pitch of this name is written, C4 being MIDI 60.
  package func octave(of pitch: Int) -> Int {
    let natural = pitch - alteration
    return (natural - natural.modulo(12)) / 12 - 1
  }

  /// Returns the name with its accidentals.
  package func text(_ style: AccidentalStyle) -> String {
    let sign =
      switch style {
      case .symbols: alteration < 0 ? "♭" : "♯"
      case .letters: alteration < 0 ? "b" : "#"
      }
    return String(letter) + String(repeating: sign, count: abs(alteration))
  }

  /// The name of the same pitch class without a double accidental.
  var simplified: NoteName {
    switch alteration {
    case ...(-2): NoteName(fifths: fifths + 12).simplified
    case 2...: NoteName(fifths: fifths - 12).simplified
    default: self
    }
  }

  private static let letters: [Character] = ["C", "D", "E", "F", "G", "A", "B"]
}

extension Int {
  /// Returns the remainder of a division, 0 or positive.
  package func modulo(_ divisor: Int) -> Int { ((self % divisor) + divisor) % divisor }
}
