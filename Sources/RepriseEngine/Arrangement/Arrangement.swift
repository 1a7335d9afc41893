/// The tracks of notes of a cover, with times in seconds on the timeline of the cover.
///
/// An arrangement is a plain value; rendering turns it into sound.
package struct Arrangement: Sendable, Equatable {
  /// A note.
  package struct Note: Sendable, Equatable {
    /// Start time in seconds.
    package var time: Double
    /// Time for which the key is held, in seconds; above 0.
    package var duration: Double
    /// MIDI note number, 0…127; on a drum track a General MIDI percussion key.
    package var pitch: Int
    /// MIDI velocity, 1…127.
    package var velocity: Int

    /// Creates a note.
    package init(time: Double, duration: Double, pitch: Int, velocity: Int) {
      self.time = time
      self.duration = duration
      self.pitch = pitch
      self.velocity = velocity
    }
  }

  /// The function of a track in the arrangement.
  package enum Role: String, Sendable, CaseIterable {
    /// The melody.
    case melody
    /// The melody doubled, below or above.
    case doubling
    /// Chords in rhythm.
    case chords
    /// Chords held.
    case pad
    /// Broken chords.
    case arpeggio
    /// The lowest line.
    case bass
    /// Percussion, on MIDI channel 10.
    case drums
  }

  /// The notes of one instrument.
  package struct Track: Sendable, Equatable {
    /// The function of the track.
    package var role: Role
    /// General MIDI program, 0…127; on a drum track the kit.
    package var program: Int
    /// MIDI channel, 0…15; 9 for drums.
    package var channel: Int
    /// Level, 0…127 (MIDI controller 7).
    package var volume: Int
    /// Pan position from −1 (left) to 1 (right).
    package var pan: Double
    /// Reverberation send level, 0…1.
    package var reverb: Double
    /// Notes in order of time.
    package var notes: [Note]

    /// Creates a track.
    package init(
      role: Role, program: Int, channel: Int, volume: Int, pan: Double, reverb: Double, notes: [Note]
    ) {
      self.role = role
      self.program = program
      self.channel = channel
      self.volume = volume
      self.pan = pan
      self.reverb = reverb
      self.notes = notes
    }
  }

  /// Name of the style.
  package var style: String
  /// Ratio of cover time to reference time: 1 keeps the tempo, below 1 is faster.
  package var timeScale: Double
  /// Duration of the cover with its ending, in seconds.
  package var seconds: Double
  /// One track per instrument.
  package var tracks: [Track]
  /// Notes to the listener about the choices made.
  package var notes: [String]

  /// Creates an arrangement.
  package init(style: String, timeScale: Double, seconds: Double, tracks: [Track], notes: [String]) {
    self.style = style
    self.timeScale = timeScale
    self.seconds = seconds
    self.tracks = tracks
    self.notes = notes
  }
}
