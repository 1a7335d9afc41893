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
    /// The chord; nil where there is none, written `N`.
    package var chord: Chord?

    /// Creates a time span with one chord.
    package init(start: Double, end: Double, chord: Chord?) {
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

  /// A part of the piece, such as a verse.
  package struct Section: Sendable, Equatable {
    /// Start time.
    package var start: Double
    /// End time.
    package var end: Double
    /// A letter, the same for sections that repeat each other: A, B, C in order of first appearance.
    package var label: String
    /// `true` if the section is likely to be a chorus.
    package var isChorus: Bool

    /// Creates a section.
    package init(start: Double, end: Double, label: String, isChorus: Bool = false) {
      self.start = start
      self.end = end
      self.label = label
      self.isChorus = isChorus
    }
  }

  /// A time span in one key.
  package struct KeySpan: Sendable, Equatable {
    /// Start time.
    package var start: Double
    /// End time.
    package var end: Double
    /// The key, named by its tonic triad.
    package var key: Triad

    /// Creates a time span in one key.
    package init(start: Double, end: Double, key: Triad) {
      self.start = start
      self.end = end
      self.key = key
    }
  }

  /// Probabilities that what was heard is there, each from 0 to 1.
  package struct Confidence: Sendable, Equatable, Codable {
    /// That the recording is music at all.
    package var music: Double
    /// That the beats are right.
    package var beats: Double
    /// That the key is right.
    package var key: Double
    /// That the melody is right.
    package var melody: Double

    /// Creates a confidence.
    package init(music: Double = 1, beats: Double = 1, key: Double = 1, melody: Double = 1) {
      self.music = music
      self.beats = beats
      self.key = key
      self.melody = melody
    }
  }

  /// Duration of the recording.
  package var seconds: Double
  /// Tempo in beats per minute, the median over the piece.
  package var tempo: Double
  /// The meter: 3 or 4 beats in a bar; 6 for bars of six eighths, counted as two beats of three eighths each or, where
  /// they are slow, as six beats.
  package var meter: Int
  /// The key of the piece, named by its tonic triad; where it changes, the key that lasts longest.
  package var key: Triad
  /// The keys, from 0 to `seconds` without gaps.
  package var keys: [KeySpan]
  /// Times of the beats, ascending.
  package var beats: [Double]
  /// Times of the beats that begin a bar.
  package var downbeats: [Double]
  /// The chords, from 0 to `seconds` without gaps.
  package var chords: [ChordSpan]
  /// The melody: one voice, ascending in time.
  package var melody: [MelodyNote]
  /// The sections, from 0 to `seconds` without gaps.
  package var sections: [Section]
  /// Confidence in what was heard.
  package var confidence: Confidence
  /// `true` if the recording is music, more likely than not.
  package var isMusic: Bool { confidence.music >= 0.5 }
  /// Deviation of the recording's tuning from A4 = 440 Hz, upwards positive, in semitones, −0.5…0.5.
  package var tuning: Double
  /// Level of each beat relative to the loudest beat, 0…1, with one element per element of `beats`.
  package var levels: [Double]

  /// Creates an analysis.
  package init(
    seconds: Double, tempo: Double, meter: Int, key: Triad, beats: [Double], downbeats: [Double],
    chords: [ChordSpan], melody: [MelodyNote], keys: [KeySpan] = [], sections: [Section] = [],
    confidence: Confidence, tuning: Double, levels: [Double]
  ) {
    self.seconds = seconds
    self.tempo = tempo
    self.meter = meter
    self.key = key
    self.beats = beats
    self.downbeats = downbeats
    self.chords = chords
    self.melody = melody
    self.keys = keys.isEmpty ? [KeySpan(start: 0, end: seconds, key: key)] : keys
    self.sections = sections.isEmpty ? [Section(start: 0, end: seconds, label: "A")] : sections
    self.confidence = confidence
    self.tuning = tuning
    self.levels = levels
  }
}

extension Analysis: Codable {
  enum CodingKeys: String, CodingKey {
    case seconds, tempo, meter, key, keys, beats, downbeats, chords, melody, sections, confidence, beatConfidence
    case chorus, tuning, levels
  }

  /// Decodes `reprise.analysis.v1`; `keys`, `sections`, `chorus`, `confidence`, `tuning` and `levels` may be missing.
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
    keys = try fields.decodeIfPresent([KeySpan].self, forKey: .keys) ?? [KeySpan(start: 0, end: seconds, key: key)]
    sections =
      try fields.decodeIfPresent([Section].self, forKey: .sections) ?? [Section(start: 0, end: seconds, label: "A")]
    if let chorus = try fields.decodeIfPresent(String.self, forKey: .chorus) {
      for index in sections.indices { sections[index].isChorus = sections[index].label == chorus }
    }
    let beats = try fields.decodeIfPresent(Double.self, forKey: .beatConfidence) ?? 1
    confidence = try fields.decodeIfPresent(Confidence.self, forKey: .confidence) ?? Confidence(beats: beats)
    tuning = try fields.decodeIfPresent(Double.self, forKey: .tuning) ?? 0
    levels = try fields.decodeIfPresent([Double].self, forKey: .levels) ?? self.beats.map { _ in 1 }
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
    try fields.encode(keys, forKey: .keys)
    try fields.encode(sections, forKey: .sections)
    try fields.encodeIfPresent(sections.first(where: \.isChorus)?.label, forKey: .chorus)
    let tidied = Confidence(
      music: confidence.music.tidy, beats: confidence.beats.tidy, key: confidence.key.tidy,
      melody: confidence.melody.tidy)
    try fields.encode(tidied, forKey: .confidence)
    // As it was called before there were four of them.
    try fields.encode(confidence.beats.tidy, forKey: .beatConfidence)
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
    chord = Chord(label)
    if chord == nil && label != "N" {
      throw DecodingError.dataCorruptedError(in: list, debugDescription: "not a chord or N: \(label)")
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

extension Analysis.Section: Codable {
  /// Decodes `[start, end, "A"]`; which label is the chorus is a field of the analysis.
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    start = try list.decode(Double.self)
    end = try list.decode(Double.self)
    label = try list.decode(String.self)
    isChorus = false
  }

  /// Encodes `[start, end, "A"]`.
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(start.tidy)
    try list.encode(end.tidy)
    try list.encode(label)
  }
}

extension Analysis.KeySpan: Codable {
  /// Decodes `[start, end, "C#:min"]`.
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    start = try list.decode(Double.self)
    end = try list.decode(Double.self)
    let label = try list.decode(String.self)
    guard let key = Triad(label) else {
      throw DecodingError.dataCorruptedError(in: list, debugDescription: "not a key: \(label)")
    }
    self.key = key
  }

  /// Encodes `[start, end, "C#:min"]`.
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(start.tidy)
    try list.encode(end.tidy)
    try list.encode(key.description)
  }
}

extension Double {
  fileprivate var tidy: Double { (self * 10_000).rounded() / 10_000 }
}
