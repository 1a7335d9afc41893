import RepriseAnalysis
import RepriseSystem
import RepriseVerification

/// A piece of eight-second phrases, each a chord sequence and a tune of its own, as an analyzer would hear it.
struct Piece {
  /// Chords of two seconds and notes of half a second, phrase after phrase.
  struct Phrase {
    var roots: [Int]
    var tune: [Int]
  }

  var phrases: [Phrase]
  var transposition = 0
  /// Seconds of the performance in a second of the piece.
  var pace = 1.0
  /// Seed of the details of the sound: another for another performance.
  var performance: UInt64 = 1
  /// Seconds after which the performance is silent.
  var silentFrom = Double.infinity
  /// Confidence in the music of the performance.
  var music = 1.0
  /// Spread of the melody's pitch in cents.
  var spread = 0.0

  /// Phrases that no other seed makes.
  static func phrases(_ count: Int, seed: UInt64) -> [Phrase] {
    var random = SplitMix(state: seed)
    return (0..<count).map { _ in
      Phrase(
        roots: (0..<4).map { _ in random.next(12) }, tune: (0..<16).map { _ in random.next(12) })
    }
  }

  /// Length of a phrase in seconds of the piece.
  static let phrase = 8.0

  var seconds: Double { Double(phrases.count) * Self.phrase * pace }

  var heard: AnalyzedRecording {
    var random = SplitMix(state: performance)
    let frames = Int(seconds * PitchClassTrack.rate)
    var track = [Float](repeating: 0, count: frames * PitchClassTrack.width)
    for frame in 0..<frames {
      let time = Double(frame) / PitchClassTrack.rate / pace
      let phrase = phrases[min(phrases.count - 1, Int(time / Self.phrase))]
      let within = time.truncatingRemainder(dividingBy: Self.phrase)
      let root = phrase.roots[min(3, Int(within / 2))] + transposition + 12
      let note = phrase.tune[min(15, Int(within * 2))] + transposition + 12
      let base = frame * PitchClassTrack.width
      for index in 0..<24 { track[base + index] = 0.1 * Float(random.next(100)) / 100 }
      for interval in [0, 4, 7] { track[base + (root + interval) % 12] += 1 }
      track[base + note % 12] += 0.8
      track[base + 12 + root % 12] += 1
    }
    let fine = (0..<Int(seconds * FineStructure.rate) * FineStructure.bands).map { _ in Float(random.next(200)) - 100 }
    return AnalyzedRecording(
      analysis: analysis, pitchClasses: PitchClassTrack(values: track), fineStructure: FineStructure(values: fine),
      levels: LevelTrack(
        values: (0..<Int(seconds * LevelTrack.rate)).map { Double($0) / LevelTrack.rate < silentFrom ? 1 : 0 }),
      melodySteadiness: MelodySteadiness(spread: spread, notes: 40))
  }

  private var analysis: Analysis {
    var chords: [Analysis.ChordSpan] = []
    var melody: [Analysis.MelodyNote] = []
    var sections: [Analysis.Section] = []
    for (index, phrase) in phrases.enumerated() {
      let start = Double(index) * Self.phrase
      sections.append(.init(start: start * pace, end: (start + Self.phrase) * pace, label: "\(index)"))
      for (place, root) in phrase.roots.enumerated() {
        let from = (start + 2 * Double(place)) * pace
        chords.append(
          .init(start: from, end: from + 2 * pace, chord: Chord(root: root + transposition, quality: .major)))
      }
      for (place, note) in phrase.tune.enumerated() {
        let from = (start + Double(place) / 2) * pace
        melody.append(.init(start: from, end: from + 0.45 * pace, pitch: 60 + note + transposition))
      }
    }
    return Analysis(
      seconds: seconds, tempo: 120 / pace, meter: 4, key: Triad(root: 0, isMinor: false),
      beats: Array(stride(from: 0, to: seconds, by: pace / 2)), downbeats: [], chords: chords, melody: melody,
      sections: sections, confidence: .init(music: music), tuning: 0, levels: [])
  }
}

/// Deterministic random numbers (Steele, Lea and Flood, OOPSLA 2014).
struct SplitMix {
  var state: UInt64

  mutating func next(_ below: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ (value >> 31)) % UInt64(below))
  }
}

/// Returns the likeness of two performances.
func likeness(
  of cover: Piece, to reference: Piece, wishes: Wishes = .init(), thresholds: LikenessThresholds = .init()
) throws -> Likeness {
  try Likeness(
    of: cover.heard, to: reference.heard, wishes: wishes, thresholds: thresholds, cancellation: Cancellation())
}
