import RepriseAnalysis
import Testing

@Suite("The spelling of notes, keys and chords")
struct SpellingTests {
  private func key(_ label: String) throws -> KeySignature { KeySignature(try #require(Triad(label))) }

  @Test(
    "a chord is spelled by its key",
    arguments: [
      ("F:maj", "A#:maj", "B♭"), ("C:maj", "A#:7", "B♭7"), ("E:maj", "G#:min7", "G♯m7"), ("B:maj", "A#:dim", "A♯dim"),
      ("C:min", "G#:maj7", "A♭maj7"), ("C:min", "D#:maj", "E♭"), ("A:min", "E:7", "E7"), ("D:min", "A#:maj/3", "B♭/D"),
      ("C:maj", "A#:maj7/3", "B♭maj7/D"), ("C:maj", "D:hdim7", "Dm7♭5"), ("C:maj", "C:sus4", "Csus4"),
      ("C:maj", "C#:dim7", "C♯dim7"), ("C:maj", "F#:hdim7", "F♯m7♭5"), ("C:maj", "C#:7", "D♭7"),
      ("A:maj", "D#:dim", "D♯dim"),
      ("C#:maj", "F#:maj", "G♭"), ("F#:maj", "F:dim", "E♯dim"), ("D#:min", "B:maj", "C♭"),
      ("G#:min", "D#:7/3", "D♯7/G"),
      ("C:maj", "A:minmaj7", "Am(maj7)"), ("C:maj", "F:min6", "Fm6"), ("G:maj", "B:aug", "Baug"),
      ("G:maj", "C:maj6", "C6"),
      ("E:min", "A:7/b7", "A7/G"), ("F:maj", "C:7/3", "C7/E"), ("C#:min", "G#:7/3", "G♯7/B♯"),
      ("C:maj", "F:maj/2", "F/G"),
    ])
  func chord(_ key: String, _ label: String, _ text: String) throws {
    let symbol = ChordSymbol(try #require(Chord(label)), in: try self.key(key))
    #expect(symbol.text(.symbols) == text)
    #expect(symbol.text(.letters) == text.replacing("♭", with: "b").replacing("♯", with: "#"))
  }

  @Test("no chord has a symbol of its own")
  func none() throws { #expect(ChordSymbol.text(nil, in: try key("C:maj"), .symbols) == "N.C.") }

  @Test(
    "keys have their signatures",
    arguments: [
      ("C:maj", 0, "C major"), ("G:maj", 1, "G major"), ("F:maj", -1, "F major"), ("A#:maj", -2, "B♭ major"),
      ("F#:maj", 6, "F♯ major"), ("C#:maj", -5, "D♭ major"), ("B:maj", 5, "B major"), ("A:min", 0, "A minor"),
      ("F#:min", 3, "F♯ minor"), ("C#:min", 4, "C♯ minor"), ("D#:min", -6, "E♭ minor"), ("A#:min", -5, "B♭ minor"),
      ("G#:min", 5, "G♯ minor"), ("F:min", -4, "F minor"),
    ])
  func signature(_ label: String, _ accidentals: Int, _ name: String) throws {
    let key = try self.key(label)
    #expect(key.accidentals == accidentals)
    #expect(key.name(.symbols) == name)
    #expect(key.alterations.reduce(0, +) == accidentals)
  }

  @Test("in every key each pitch class has a name of its own that sounds as it, and the scale has no foreign letters")
  func names() {
    for root in 0..<12 {
      for isMinor in [false, true] {
        let key = KeySignature(Triad(root: root, isMinor: isMinor))
        let names = (0..<12).map { key.name(of: $0) }
        #expect(names.map(\.pitchClass) == Array(0..<12))
        #expect(Set(names).count == 12)
        #expect(names.allSatisfy { abs($0.alteration) < 2 })
        #expect(Set(names.filter(key.isDiatonic).map(\.letter)).count == 7)
        for name in names {
          let text = name.text(.letters)
          #expect(Chord(text + ":maj")?.root == name.pitchClass, "\(text)")
        }
      }
    }
  }

  @Test("every chord in every key names its own notes, without double accidentals in the bass")
  func tones() {
    var wrong: [String] = []
    for root in 0..<12 {
      let key = KeySignature(Triad(root: root, isMinor: root.isMultiple(of: 2)))
      for quality in Chord.Quality.allCases {
        for place in 0..<144 {
          let chord = Chord(root: place / 12, quality: quality, bass: place % 12)
          let symbol = ChordSymbol(chord, in: key)
          let bass = symbol.bass ?? symbol.root
          let isRight = symbol.root.pitchClass == chord.root && bass.pitchClass == chord.bass
          if !isRight || abs(bass.alteration) > 1 { wrong.append("\(chord) in \(key.name(.letters))") }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    "octaves are those of the letters",
    arguments: [(60, 0, 4), (60, 12, 3), (59, -7, 4), (71, -7, 5), (61, 7, 4), (48, 0, 3)])
  func octave(_ pitch: Int, _ fifths: Int, _ octave: Int) {
    #expect(NoteName(fifths: fifths).octave(of: pitch) == octave)
  }
}
