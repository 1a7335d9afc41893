import RepriseAnalysis
import RepriseVerification
import TestSupport
import Testing

@Suite("What was requested of a cover and what was found of it", .takesLong)
struct WishTests {
  private let reference = Piece(phrases: Piece.phrases(6, seed: 7))

  private func outcomes(_ wishes: Wishes, of cover: Piece) throws -> [Likeness.WishOutcome] {
    try likeness(of: cover, to: reference, wishes: wishes).wishes
  }

  /// A performance in another key and at another pace, whose analysis names the key of C major, and 120 bpm at pace 1.
  private func performed(by transposition: Int = 0, pace: Double = 1) -> Piece {
    Piece(phrases: reference.phrases, transposition: transposition, pace: pace, performance: 2)
  }

  @Test(
    "a tempo is met within four per cent, at half or twice its number too",
    arguments: [
      (120.0...120.0, 1.0, VerificationReport.Verdict.pass), (60...60, 1, .pass), (240...240, 1, .pass),
      (100...118, 1, .pass), (100...110, 1, .warn), (100...100, 1.2, .pass), (120...120, 1.2, .warn),
    ])
  func tempo(wanted: ClosedRange<Double>, pace: Double, verdict: VerificationReport.Verdict) throws {
    let found = try outcomes(Wishes(tempo: .beatsPerMinute(wanted)), of: performed(pace: pace))
    #expect(found.map(\.verdict) == [verdict], "\(found)")
  }

  @Test("faster and slower are measured against the reference")
  func pace() throws {
    #expect(try outcomes(Wishes(tempo: .faster), of: performed(pace: 0.9)).map(\.verdict) == [.pass])
    #expect(try outcomes(Wishes(tempo: .slower), of: performed(pace: 0.9)).map(\.verdict) == [.warn])
    #expect(try outcomes(Wishes(tempo: .slower), of: performed()).map(\.verdict) == [.warn])
    let other = Piece(phrases: Piece.phrases(6, seed: 11), performance: 2)
    #expect(try outcomes(Wishes(tempo: .slower), of: other).map(\.verdict) == [nil])
  }

  @Test("a key is heard in the cover or, transposed, in the reference; a transposition wraps at the octave")
  func key() throws {
    let cover = performed(by: 3)
    #expect(try outcomes(Wishes(key: .tonic(0, isMinor: false)), of: cover).map(\.verdict) == [.pass])
    #expect(try outcomes(Wishes(key: .tonic(3, isMinor: nil)), of: cover).map(\.verdict) == [.pass])
    #expect(try outcomes(Wishes(key: .tonic(3, isMinor: true)), of: cover).map(\.verdict) == [.warn])
    #expect(try outcomes(Wishes(key: .tonic(7, isMinor: nil)), of: cover).map(\.verdict) == [.warn])
    #expect(try outcomes(Wishes(key: .transposition(3)), of: cover).map(\.verdict) == [.pass])
    #expect(try outcomes(Wishes(key: .transposition(-9)), of: cover).map(\.verdict) == [.pass])
    #expect(try outcomes(Wishes(key: .transposition(-3)), of: cover).map(\.verdict) == [.warn])
  }

  @Test("a requested shorter cover need not play all of its reference")
  func duration() throws {
    let half = Piece(phrases: Array(reference.phrases.prefix(3)), performance: 2)
    let asked = try likeness(of: half, to: reference, wishes: Wishes(seconds: 24))
    #expect(asked.wishes.map(\.verdict) == [.pass])
    #expect(asked.alignment?.coverage.verdict == .pass, "\(asked)")
    #expect(try likeness(of: half, to: reference).alignment?.coverage.verdict == .fail)
    #expect(try outcomes(Wishes(seconds: 40), of: half).map(\.verdict) == [.warn])
  }

  @Test("an instrumental cover is told where the pitch is held still, else unknown", arguments: [1.0, 9])
  func instrumental(spread: Double) throws {
    var cover = performed()
    cover.spread = spread
    #expect(try outcomes(Wishes(isInstrumental: true), of: cover).map(\.verdict) == [spread < 4 ? .pass : nil])
  }

  @Test("an unmet request warns, and no more")
  func verdict() throws {
    let found = try likeness(
      of: performed(), to: reference, wishes: Wishes(tempo: .faster, key: .tonic(7, isMinor: nil)))
    #expect(found.verdict == .warn, "\(found)")
    #expect(Wishes().isEmpty && !Wishes(seconds: 3).isEmpty)
  }
}
