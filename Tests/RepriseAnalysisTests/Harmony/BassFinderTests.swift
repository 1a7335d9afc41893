import Foundation
import RepriseAnalysis
import Testing

@Suite("Finding the bass of chords")
struct BassFinderTests {
  private static let c = Chord(root: 0, quality: .major)
  private static let aMinor = Chord(root: 9, quality: .minorSeventh)

  // Log-likelihoods of an interval in which one pitch class is the bass with a probability.
  private static func heard(_ pitchClass: Int, _ probability: Double = 0.9) -> [Double] {
    (0..<12).map { log($0 == pitchClass ? probability : (1 - probability) / 11) }
  }

  private static func inverted(_ chords: [Chord?], _ basses: [[Double]]) -> [String] {
    BassFinder.inverted(chords, basses: basses).map { $0?.description ?? "N" }
  }

  @Test("a chord over its third is an inversion, chord by chord")
  func inversion() {
    let chords = [Self.c, Self.c, nil, Self.aMinor]
    let basses = [Self.heard(4), Self.heard(4), Self.heard(4), Self.heard(9)]
    #expect(Self.inverted(chords, basses) == ["C:maj/3", "C:maj/3", "N", "A:min7"])
  }

  @Test("the bass may change within a chord that lasts")
  func change() {
    let chords = [Chord?](repeating: Self.aMinor, count: 6)
    let basses = Array(repeating: Self.heard(9), count: 3) + Array(repeating: Self.heard(7, 0.99), count: 3)
    #expect(Self.inverted(chords, basses).suffix(3) == ["A:min7/b7", "A:min7/b7", "A:min7/b7"])
    #expect(Self.inverted(chords, basses).prefix(3) == ["A:min7", "A:min7", "A:min7"])
  }

  @Test("a note in passing, one hardly heard and one foreign to the chord are none")
  func none() {
    let chords = [Chord?](repeating: Self.c, count: 3)
    #expect(Self.inverted(chords, [Self.heard(0), Self.heard(4), Self.heard(0)]) == ["C:maj", "C:maj", "C:maj"])
    let faint = (0..<12).map { log([0: 0.3, 4: 0.6][$0] ?? 0.01) }
    #expect(Self.inverted(chords, [faint, faint, faint]) == ["C:maj", "C:maj", "C:maj"])
    #expect(Self.inverted(chords, Array(repeating: Self.heard(2), count: 3)) == ["C:maj", "C:maj", "C:maj"])
    #expect(Self.inverted([], []).isEmpty)
  }
}
