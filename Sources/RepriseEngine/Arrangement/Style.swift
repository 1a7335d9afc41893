/// How a cover is played: instruments and patterns, as data.
///
/// Patterns are written in sixteenths: sixteen characters for a bar of four beats, twelve for one of three. `.` is a
/// rest and `-` holds what was struck before; a chord that changes under a hold is struck again.
struct Style: Sendable {
  /// A pattern for each meter.
  struct Pattern: Sendable {
    let four: [Character]
    let three: [Character]

    init(_ four: String, _ three: String) {
      precondition(four.count == 16 && three.count == 12, "a pattern has 16 and 12 sixteenths")
      self.four = Array(four)
      self.three = Array(three)
    }

    func steps(meter: Int) -> [Character] { meter == 3 ? three : four }
  }

  /// An instrument and how it sits in the mix.
  struct Voice: Sendable {
    /// General MIDI program, 0…127, or the kit on the drum channel.
    var program: Int
    /// 0…127.
    var volume: Int
    /// −1 left … 1 right.
    var pan = 0.0
    /// 0…1.
    var reverb = 0.3
  }

  /// An instrument with a pattern. Chords: `X` loud, `x` soft. Arpeggio: digits count the chord's tones upwards. Bass:
  /// `R` root, `5` fifth, `3` third, `8` octave, `W` the step that leads to the next root.
  struct Part: Sendable {
    var voice: Voice
    var pattern: Pattern
    /// Where the part lies: its voicings stay around this MIDI pitch.
    var centre: Int
    /// How long notes sound of the time they are written for; short is staccato.
    var gate = 0.95
    /// Strings of a strum sound this many seconds after one another.
    var strum = 0.0
    /// Bars softer than this, 0…1 of the loudest, go without the part.
    var fromLevel = 0.0
  }

  /// A drum and its pattern: digits are loudness, 1…9.
  struct Drum: Sendable {
    var key: Int
    var pattern: Pattern
    /// Bars softer than this, 0…1 of the loudest, go without the drum.
    var fromLevel = 0.0
  }

  let name: String
  /// Words of a prompt that speak for the style, and how strongly.
  let words: [String: Double]
  var lead: Voice
  /// The lead's comfortable range: the tune is moved by octaves to lie in it.
  var leadRange: ClosedRange<Int>
  /// Plays the tune too, where the recording is loud, so many semitones away.
  var doubling: (voice: Voice, interval: Int)?
  var chords: [Part]
  var pad: Part?
  var arpeggio: Part?
  var bass: Part?
  var kit: Voice?
  var drums: [Drum] = []
  /// Where the second eighth of a beat falls: .5 straight, .66 swung.
  var swing = 0.5
  /// Whether chords take their sevenths.
  var sevenths = false
}
