/// The instruments and patterns in which a cover is played, as data.
///
/// Patterns are written in sixteenths: sixteen characters for a bar of four beats, twelve for one of three. `.` is a
/// rest and `-` holds the note before; a chord that changes under a hold is struck again.
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

  /// An instrument and its settings in the mix.
  struct Voice: Sendable {
    /// General MIDI program, 0…127, or the kit on the drum channel.
    var program: Int
    /// Level, 0…127.
    var volume: Int
    /// Pan position from −1 (left) to 1 (right).
    var pan = 0.0
    /// Reverberation send level, 0…1.
    var reverb = 0.3
  }

  /// An instrument with a pattern.
  ///
  /// Chords: `X` loud, `x` soft. Arpeggio: digits count the chord's tones upwards. Bass: `R` root, `5` fifth, `3`
  /// third, `8` octave, `W` the step that leads to the next root.
  struct Part: Sendable {
    var voice: Voice
    var pattern: Pattern
    /// MIDI pitch around which the voicings of the part stay.
    var centre: Int
    /// Ratio of the sounding duration of a note to its written duration; short is staccato.
    var gate = 0.95
    /// Delay between the strings of a strum, in seconds.
    var strum = 0.0
    /// Least level of a bar, relative to the loudest (0…1), at which the part plays.
    var fromLevel = 0.0
  }

  /// A drum and its pattern: digits are loudness, 1…9.
  struct Drum: Sendable {
    var key: Int
    var pattern: Pattern
    /// Least level of a bar, relative to the loudest (0…1), at which the drum plays.
    var fromLevel = 0.0
  }

  let name: String
  /// Words of a prompt that indicate the style, and their weights.
  let keywords: [String: Double]
  var lead: Voice
  /// Comfortable range of the lead; the melody is moved by octaves into this range.
  var leadRange: ClosedRange<Int>
  /// A voice that doubles the melody where the recording is loud, and its distance in semitones.
  var doubling: (voice: Voice, interval: Int)?
  var chords: [Part]
  var pad: Part?
  var arpeggio: Part?
  var bass: Part?
  var kit: Voice?
  var drums: [Drum] = []
  /// Position of the second eighth within a beat: 0.5 is straight, 0.66 swung.
  var swing = 0.5
  /// `true` if chords include their sevenths.
  var sevenths = false
}
