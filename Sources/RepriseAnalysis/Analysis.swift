/// The content of a recording as heard by the analyzer: `reprise.analysis.v1` without the path.
///
/// Times are in seconds from the beginning of the recording.
package struct Analysis: Sendable, Equatable {
  /// A time span with one chord.
  package struct ChordSpan: Sendable, Equatable {
    /// Start time.
    package var start: Double
    /// End time.
    package var end: Double
    /// The triad; nil where there is none, written `N`.
    package var chord: Triad?

    /// Creates a time span with one chord.
    package init(start: Double, end: Double, chord: Triad?) {
      self.start = start
      self.end = end
      self.chord = chord
    }
  }

  /// A note of the melody.
  package struct MelodyNote: Sendable, Equatable {
    /// Start time.
    package var start: Double
    /// End time.
    package var end: Double
    /// MIDI note number.
    package var pitch: Int

    /// Creates a note of the melody.
    package init(start: Double, end: Double, pitch: Int) {
      self.start = start
      self.end = end
      self.pitch = pitch
    }
  }

  /// Duration of the recording.
  package var seconds: Double
  /// Tempo in beats per minute, the median over the piece.
  package var tempo: Double
  /// Number of beats in a bar: 3 or 4.
  package var meter: Int
  /// The key, named by its tonic triad.
  package var key: Triad
  /// Times of the beats, ascending.
  package var beats: [Double]
  /// Times of the beats that begin a bar.
  package var downbeats: [Double]
  /// The chords, from 0 to `seconds` without gaps.
  package var chords: [ChordSpan]
  /// The melody: one voice, ascending in time.
  package var melody: [MelodyNote]
  /// Confidence in the beats, from 0 (the recording has no audible pulse) to 1.
  package var beatConfidence: Double
  /// Deviation of the recording's tuning from A4 = 440 Hz, upwards positive, in semitones, −0.5…0.5.
  package var tuning: Double
  /// Level of each beat relative to the loudest beat, 0…1, with one element per element of `beats`.
  package var levels: [Double]

  /// Creates an analysis.
  package init(
    seconds: Double, tempo: Double, meter: Int, key: Triad, beats: [Double], downbeats: [Double],
    chords: [ChordSpan], melody: [MelodyNote], beatConfidence: Double, tuning: Double, levels: [Double]
  ) {
    self.seconds = seconds
    self.tempo = tempo
    self.meter = meter
    self.key = key
    self.beats = beats
    self.downbeats = downbeats
    self.chords = chords
    self.melody = melody
    self.beatConfidence = beatConfidence
    self.tuning = tuning
    self.levels = levels
  }
}

extension Analysis: Codable {
  enum CodingKeys: String, CodingKey {
    case seconds, tempo, meter, key, beats, downbeats, chords, melody, beatConfidence, tuning, levels
  }

  /// Decodes `reprise.analysis.v1`; `beatConfidence`, `tuning` and `levels` may be missing.
  ///
  /// - Throws: `DecodingError`.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    seconds = try fields.decode(Double.self, forKey: .seconds)
    tempo = try fields.decode(Double.self, forKey: .tempo)
    meter = try fields.decode(Int.self, forKey: .meter)
    let name = try fields.decode(String.self, forKey: .key)
    guard let key = Triad(name) else {
      throw DecodingError.dataCorruptedError(forKey: .key, in: fields, debugDescription: "not a key: \(name)")
    }
    self.key = key
    beats = try fields.decode([Double].self, forKey: .beats)
    downbeats = try fields.decode([Double].self, forKey: .downbeats)
    chords = try fields.decode([ChordSpan].self, forKey: .chords)
    melody = try fields.decode([MelodyNote].self, forKey: .melody)
    beatConfidence = try fields.decodeIfPresent(Double.self, forKey: .beatConfidence) ?? 1
    tuning = try fields.decodeIfPresent(Double.self, forKey: .tuning) ?? 0
    levels = try fields.decodeIfPresent([Double].self, forKey: .levels) ?? beats.map { _ in 1 }
  }

  /// Encodes `reprise.analysis.v1`, with times rounded to 0.1 ms.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(seconds.tidy, forKey: .seconds)
    try fields.encode(tempo.tidy, forKey: .tempo)
    try fields.encode(meter, forKey: .meter)
    try fields.encode(key.description, forKey: .key)
    try fields.encode(beats.map(\.tidy), forKey: .beats)
    try fields.encode(downbeats.map(\.tidy), forKey: .downbeats)
    try fields.encode(chords, forKey: .chords)
    try fields.encode(melody, forKey: .melody)
    try fields.encode(beatConfidence.tidy, forKey: .beatConfidence)
    try fields.encode(tuning.tidy, forKey: .tuning)
    try fields.encode(levels.map(\.tidy), forKey: .levels)
  }
}

extension Analysis.ChordSpan: Codable {
  /// Decodes `[start, end, "C#:min"]`.
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    start = try list.decode(Double.self)
    end = try list.decode(Double.self)
    let label = try list.decode(String.self)
    chord = Triad(label)
    if chord == nil && label != "N" {
      throw DecodingError.dataCorruptedError(in: list, debugDescription: "not a triad or N: \(label)")
    }
  }

  /// Encodes `[start, end, "C#:min"]`.
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(start.tidy)
    try list.encode(end.tidy)
    try list.encode(chord?.description ?? "N")
  }
}

extension Analysis.MelodyNote: Codable {
  /// Decodes `[start, end, pitch]`.
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    start = try list.decode(Double.self)
    end = try list.decode(Double.self)
    pitch = try list.decode(Int.self)
  }

  /// Encodes `[start, end, pitch]`.
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(start.tidy)
    try list.encode(end.tidy)
    try list.encode(pitch)
  }
}

extension Double {
  fileprivate var tidy: Double { (self * 10_000).rounded() / 10_000 }
}
