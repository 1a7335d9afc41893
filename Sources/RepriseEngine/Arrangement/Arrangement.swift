/// What is played: tracks of notes on the cover's own timeline, in seconds. A plain value; rendering turns it into sound.
public struct Arrangement: Sendable, Equatable {
  /// A note.
  public struct Note: Sendable, Equatable {
    /// When it begins, in seconds.
    public var time: Double
    /// How long the key is held, in seconds; above 0.
    public var duration: Double
    /// MIDI note number, 0…127; on a drum track a General MIDI percussion key.
    public var pitch: Int
    /// 1…127.
    public var velocity: Int

    /// A note.
    public init(time: Double, duration: Double, pitch: Int, velocity: Int) {
      self.time = time
      self.duration = duration
      self.pitch = pitch
      self.velocity = velocity
    }
  }

  /// What a track is for.
  public enum Role: String, Sendable, CaseIterable {
    /// The tune.
    case melody
    /// The tune again, beneath or above.
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

  /// One instrument's notes.
  public struct Track: Sendable, Equatable {
    /// What the track is for.
    public var role: Role
    /// General MIDI program, 0…127; on a drum track the kit.
    public var program: Int
    /// MIDI channel, 0…15; drums have 9.
    public var channel: Int
    /// Level, 0…127 (MIDI controller 7).
    public var volume: Int
    /// −1 left … 1 right.
    public var pan: Double
    /// Sent to the reverberation, 0…1.
    public var reverb: Double
    /// Ordered by time.
    public var notes: [Note]

    /// A track.
    public init(
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

  /// The style's name.
  public var style: String
  /// Cover time over reference time: 1 keeps the tempo, below 1 is faster.
  public var timeScale: Double
  /// The length of the cover, with its ending, in seconds.
  public var seconds: Double
  /// The instruments.
  public var tracks: [Track]
  /// What a listener should be told about choices made.
  public var notes: [String]

  /// An arrangement.
  public init(style: String, timeScale: Double, seconds: Double, tracks: [Track], notes: [String]) {
    self.style = style
    self.timeScale = timeScale
    self.seconds = seconds
    self.tracks = tracks
    self.notes = notes
  }
}
