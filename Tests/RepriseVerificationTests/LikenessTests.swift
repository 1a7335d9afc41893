import Foundation
import RepriseAnalysis
import RepriseSystem
import RepriseVerification
import TestSupport
import Testing

/// A piece of four-second phrases, each a chord sequence and a tune of its own, as an analyzer would hear it.
private struct Piece {
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
      analysis: analysis, pitchClasses: PitchClassTrack(values: track), fineStructure: FineStructure(values: fine))
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
      sections: sections, confidence: .init(), tuning: 0, levels: [])
  }
}

/// Deterministic random numbers (Steele, Lea and Flood, OOPSLA 2014).
private struct SplitMix {
  var state: UInt64

  mutating func next(_ below: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ (value >> 31)) % UInt64(below))
  }
}

private func likeness(
  of cover: Piece, to reference: Piece, thresholds: LikenessThresholds = .init()
) throws -> Likeness {
  try Likeness(of: cover.heard, to: reference.heard, thresholds: thresholds, cancellation: Cancellation())
}

@Suite("The likeness of a cover and its reference", .takesLong)
struct LikenessTests {
  private let reference = Piece(phrases: Piece.phrases(6, seed: 7))

  private func performed(_ phrases: [Piece.Phrase], by transposition: Int = 0, pace: Double = 1) -> Piece {
    Piece(phrases: phrases, transposition: transposition, pace: pace, performance: 2)
  }

  @Test(
    "another performance is the same piece, with its key and tempo",
    arguments: [(0, 1.0), (3, 0.9), (-4, 1.2), (6, 1.0)])
  func samePiece(transposition: Int, pace: Double) throws {
    let found = try likeness(of: performed(reference.phrases, by: transposition, pace: pace), to: reference)
    let alignment = try #require(found.alignment)
    #expect(found.verdict == .pass, "\(found)")
    #expect(alignment.transposition == transposition)
    #expect(abs(alignment.tempoRatio * pace - 1) < 0.03)
    #expect(alignment.sections.allSatisfy { $0.state == .kept })
    #expect(alignment.added.isEmpty)
  }

  @Test("another piece is not the same, and nothing is said of its key or tune", arguments: [11, 12, 13])
  func otherPiece(seed: UInt64) throws {
    let found = try likeness(of: performed(Piece.phrases(6, seed: seed)), to: reference)
    #expect(found.samePiece.verdict == .fail, "\(found)")
    #expect(found.alignment == nil)
    #expect(found.verdict == .fail)
  }

  @Test("a section that is left out is named, with its times", arguments: [1, 2, 4])
  func leftOut(place: Int) throws {
    var phrases = reference.phrases
    phrases.remove(at: place)
    let alignment = try #require(try likeness(of: performed(phrases), to: reference).alignment)
    let missing = alignment.sections.filter { $0.state == .missing }
    #expect(missing.count == 1, "\(alignment.sections)")
    #expect(abs((missing.first?.start ?? 0) - Double(place) * Piece.phrase) < 3)
    #expect(abs((missing.first?.end ?? 0) - Double(place + 1) * Piece.phrase) < 3)
  }

  @Test("a section that is played twice is repeated, and one in another place is moved")
  func repeatedAndMoved() throws {
    let phrases = reference.phrases
    let again = phrases[0...2] + phrases[1...5]
    let twice = try #require(try likeness(of: performed(Array(again)), to: reference).alignment)
    #expect(twice.sections.filter { $0.state == .repeated }.contains { abs($0.start - Piece.phrase) < 3 }, "\(twice)")
    #expect(!twice.sections.contains { $0.state == .missing })
    let last = Array(phrases[1...5]) + [phrases[0]]
    let moved = try #require(try likeness(of: performed(last), to: reference).alignment)
    #expect(moved.sections.first?.state == .moved, "\(moved.sections)")
    #expect(abs((moved.sections.first?.coverStart ?? 0) - 5 * Piece.phrase) < 3)
  }

  @Test(
    "another tune over the same chords warns, and fails for a service that keeps the tune", arguments: [false, true])
  func swappedTune(mayFail: Bool) throws {
    let others = Piece.phrases(6, seed: 21)
    let phrases = zip(reference.phrases, others).map { Piece.Phrase(roots: $0.roots, tune: $1.tune) }
    let found = try likeness(
      of: performed(phrases), to: reference, thresholds: LikenessThresholds(tuneMayFail: mayFail))
    #expect(found.samePiece.verdict != .fail)
    #expect(found.alignment?.melody?.verdict == (mayFail ? .fail : .warn), "\(found)")
    #expect(found.alignment?.harmony?.verdict == .pass)
  }

  @Test("the reference come back is told from another performance of it")
  func returned() throws {
    #expect(try likeness(of: reference, to: reference).returned?.verdict == .fail)
    #expect(try likeness(of: performed(reference.phrases), to: reference).returned?.verdict == .pass)
  }

  @Test("the nearest of several takes is the one that keeps most")
  func nearness() throws {
    let whole = try likeness(of: performed(reference.phrases), to: reference)
    let half = try likeness(of: performed(Array(reference.phrases.prefix(3))), to: reference)
    let other = try likeness(of: performed(Piece.phrases(6, seed: 31)), to: reference)
    #expect(whole.nearness > half.nearness)
    #expect(half.nearness > other.nearness)
  }
}
