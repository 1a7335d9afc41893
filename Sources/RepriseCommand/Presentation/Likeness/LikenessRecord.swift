import Foundation
package import RepriseVerification

/// The object `likeness` of `reprise.verification.v1`, `reprise.cover.v1` and `reprise.comparison.v1`.
package struct LikenessRecord: Encodable {
  package struct Measure: Encodable {
    package let value: Double
    package let chance: Double
    package let kept: Double
    package let verdict: String

    init(_ measure: Likeness.Measure) {
      value = measure.value.rounded(to: 4)
      chance = measure.chance.rounded(to: 4)
      kept = measure.kept.rounded(to: 4)
      verdict = measure.verdict.rawValue
    }
  }

  package struct Probability: Encodable {
    package let value: Double
    package let verdict: String

    init(_ measure: Likeness.Measure) {
      value = measure.value.rounded(to: 4)
      verdict = measure.verdict.rawValue
    }
  }

  package struct Section: Encodable {
    package let start: Double
    package let end: Double
    package let label: String
    package let state: String
    package let coverStart: Double?
    package let coverEnd: Double?
    package let melody: Measure?
  }

  package struct Wish: Encodable {
    package let what: String
    package let wanted: String
    /// What was found; absent if that is unknown.
    package let found: String?
    /// `pass` or `warn`; absent if that is unknown.
    package let verdict: String?

    init(_ outcome: Likeness.WishOutcome) {
      what = outcome.name
      wanted = WishText.wanted(outcome)
      found = WishText.found(outcome)
      verdict = outcome.verdict?.rawValue
    }
  }

  package let samePiece: Measure
  package let music: Probability
  package let inputReturned: Measure?
  package let transposition: Int?
  package let tempoRatio: Double?
  package let offset: Double?
  package let melody: Measure?
  package let harmony: Measure?
  package let roots: Measure?
  package let coverage: Probability?
  package let sections: [Section]
  package let added: [[Double]]
  /// What seems to carry the melody: `played`, or `unclear` where it may be sung.
  package let voice: String
  package let wishes: [Wish]
  package let sentence: String
  package let verdict: String

  package init(_ likeness: Likeness) {
    samePiece = Measure(likeness.samePiece)
    music = Probability(likeness.music)
    inputReturned = likeness.returned.map(Measure.init)
    let alignment = likeness.alignment
    transposition = alignment?.transposition
    tempoRatio = alignment?.tempoRatio.rounded(to: 4)
    offset = alignment?.offset.rounded(to: 2)
    melody = alignment?.melody.map(Measure.init)
    harmony = alignment?.harmony.map(Measure.init)
    roots = alignment?.roots.map(Measure.init)
    coverage = (alignment?.coverage).map(Probability.init)
    sections = (alignment?.sections ?? []).map {
      Section(
        start: $0.start.rounded(to: 2), end: $0.end.rounded(to: 2), label: $0.label, state: $0.state.rawValue,
        coverStart: $0.coverStart?.rounded(to: 2), coverEnd: $0.coverEnd?.rounded(to: 2),
        melody: $0.melody.map(Measure.init))
    }
    added = (alignment?.added ?? []).map { [$0.lowerBound.rounded(to: 2), $0.upperBound.rounded(to: 2)] }
    voice = likeness.voice.rawValue
    wishes = likeness.wishes.map(Wish.init)
    sentence = LikenessText.sentence(likeness)
    verdict = likeness.verdict.rawValue
  }
}

extension Double {
  fileprivate func rounded(to digits: Int) -> Double {
    let scale = pow(10, Double(digits))
    return (self * scale).rounded() / scale
  }
}
