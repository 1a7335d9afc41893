import RepriseVerification
import TestSupport
import Testing

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

  @Test("the reference returned is told from another performance of it")
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

  @Test("a cover that falls silent plays nothing of the rest")
  func silent() throws {
    var cover = performed(reference.phrases)
    cover.silentFrom = 3 * Piece.phrase
    let sections = try #require(try likeness(of: cover, to: reference).alignment).sections
    #expect(sections.filter { $0.end <= 3 * Piece.phrase }.allSatisfy { $0.state == .kept }, "\(sections)")
    #expect(sections.filter { $0.start >= 3 * Piece.phrase + 3 }.allSatisfy { $0.state == .missing }, "\(sections)")
  }

  @Test("a cover that ends early or begins late lacks the end or the beginning", arguments: [0..<4, 2..<6])
  func shortened(range: Range<Int>) throws {
    let alignment = try #require(
      try likeness(of: performed(Array(reference.phrases[range])), to: reference).alignment)
    let missing = alignment.sections.filter { $0.state == .missing }
    #expect(abs(missing.reduce(0) { $0 + $1.end - $1.start } - 2 * Piece.phrase) < 4, "\(alignment.sections)")
    #expect(abs((missing.first?.start ?? -9) - (range.lowerBound > 0 ? 0 : 4 * Piece.phrase)) < 3)
  }

  @Test("a repeat that fits its first place a little better is kept in its own")
  func repeats() throws {
    let once = Piece.phrases(3, seed: 7)
    // The second time a chord of each phrase is another; the cover plays both times as the first.
    let again = once.map { phrase in
      var phrase = phrase
      phrase.roots[1] += 2
      return phrase
    }
    let song = Piece(phrases: once + again + Piece.phrases(1, seed: 8))
    let cover = performed(once + once + Piece.phrases(1, seed: 8))
    let alignment = try #require(try likeness(of: cover, to: song).alignment)
    #expect(alignment.sections.allSatisfy { $0.state == .kept }, "\(alignment.sections)")
    #expect(alignment.added.isEmpty)
  }

  @Test("a long passage on one chord is kept, wherever it is", arguments: [0, 2, 4])
  func drone(place: Int) throws {
    var phrases = Piece.phrases(5, seed: 9)
    let still = Piece.Phrase(roots: [7, 7, 7, 7], tune: Array(repeating: 2, count: 16))
    phrases.insert(contentsOf: [still, still], at: place)
    let alignment = try #require(try likeness(of: performed(phrases), to: Piece(phrases: phrases)).alignment)
    #expect(alignment.sections.allSatisfy { $0.state == .kept }, "\(alignment.sections)")
  }

  @Test("a part of a section counts as a part of that section")
  func parts() throws {
    let song = Piece(phrases: Piece.phrases(6, seed: 7))
    var cover = performed(song.phrases)
    cover.silentFrom = 4.5 * Piece.phrase
    let sections = try #require(try likeness(of: cover, to: song).alignment).sections
    #expect(sections.filter { $0.index == 5 }.allSatisfy { !$0.isPart && $0.state == .missing }, "\(sections)")
    #expect(Set(sections.map(\.index)) == Set(0..<6))
    let split = sections.filter { $0.isPart }
    #expect(split.allSatisfy { part in split.count { $0.index == part.index } > 1 })
  }

  @Test(
    "of short recordings that match little nothing is certain",
    arguments: [(2, VerificationReport.Verdict.warn), (3, .fail)])
  func short(count: Int, verdict: VerificationReport.Verdict) throws {
    let found = try likeness(
      of: performed(Piece.phrases(count, seed: 11)), to: Piece(phrases: Piece.phrases(count, seed: 12)))
    #expect(found.samePiece.verdict == verdict, "\(found.samePiece)")
    #expect(found.alignment == nil && !found.isSamePiece)
  }

  @Test("what plays a piece warns where it is not heard as music; what plays none fails")
  func notMusic() throws {
    var cover = performed(reference.phrases)
    cover.music = 0.1
    #expect(try likeness(of: cover, to: reference).music.verdict == .warn)
    var other = performed(Piece.phrases(6, seed: 11))
    other.music = 0.1
    #expect(try likeness(of: other, to: reference).music.verdict == .fail)
  }

  @Test(
    "a pitch held still is an instrument's, and of one that moves nothing is said",
    arguments: [(1.0, Likeness.Voice.played), (9, .unclear)])
  func voice(spread: Double, wanted: Likeness.Voice) throws {
    var cover = performed(reference.phrases)
    cover.spread = spread
    #expect(try likeness(of: cover, to: reference).voice == wanted)
  }
}
