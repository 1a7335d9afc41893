/// How a cover relates to its reference, in numbers: whether it is the same piece, what of it is kept, and how well.
package struct Likeness: Sendable, Equatable {
  /// A measure, the value of it that chance reaches on the same pair, and the verdict.
  package struct Measure: Sendable, Equatable {
    /// The measure, 0…1.
    package var value: Double
    /// The value that chance keeps below in 19 of 20 cases on this pair: at other transpositions, and displaced.
    package var chance: Double
    /// The verdict.
    package var verdict: VerificationReport.Verdict

    package init(value: Double, chance: Double, verdict: VerificationReport.Verdict) {
      self.value = value
      self.chance = chance
      self.verdict = verdict
    }

    /// How much of the way from chance to full agreement is gone: 1 for full agreement, 0 or less for chance.
    package var kept: Double { chance < 1 ? (value - chance) / (1 - chance) : 0 }
  }

  /// A section of the reference, or a part of one, and what became of it.
  package struct Section: Sendable, Equatable {
    /// What became of a section.
    package enum State: String, Sendable {
      /// Played in its place.
      case kept
      /// Played, but not in its place in the order.
      case moved
      /// Played more than once.
      case repeated
      /// Not played.
      case missing
    }

    /// Place among the sections of the reference, from 0.
    package var index: Int
    /// `true` if it is a part of that section, of which something else became of another part.
    package var isPart: Bool
    /// Start in the reference, in seconds.
    package var start: Double
    /// End in the reference, in seconds.
    package var end: Double
    /// The letter of the section, the same for sections that repeat each other.
    package var label: String
    /// `true` if the section is likely to be a chorus.
    package var isChorus: Bool
    /// What became of it.
    package var state: State
    /// Start in the cover, in seconds; nil if missing.
    package var coverStart: Double?
    /// End in the cover, in seconds; nil if missing.
    package var coverEnd: Double?
    /// The melody's agreement in this section; nil if there are too few notes to compare.
    package var melody: Measure?

    package init(
      index: Int, isPart: Bool = false, start: Double, end: Double, label: String, isChorus: Bool = false, state: State,
      coverStart: Double? = nil,
      coverEnd: Double? = nil, melody: Measure? = nil
    ) {
      self.index = index
      self.isPart = isPart
      self.start = start
      self.end = end
      self.label = label
      self.isChorus = isChorus
      self.state = state
      self.coverStart = coverStart
      self.coverEnd = coverEnd
      self.melody = melody
    }
  }

  /// How the cover lies to the reference; known only of the same piece.
  package struct Alignment: Sendable, Equatable {
    /// Semitones from the reference up to the cover, −5…6.
    package var transposition: Int
    /// The cover's tempo divided by the reference's.
    package var tempoRatio: Double
    /// Time of the cover at which the reference's beginning is played or would be, in seconds.
    package var offset: Double
    /// The melody's agreement in pitch class; nil if there are too few notes to compare.
    package var melody: Measure?
    /// `true` if next to nothing of the melody agrees, whatever the verdict on that.
    package var isTuneLost = false
    /// The chords' agreement as triads; nil if there are too few chords to compare.
    package var harmony: Measure?
    /// The chords' agreement in their roots; nil if there are too few chords to compare.
    package var roots: Measure?
    /// The sections of the reference.
    package var sections: [Section]
    /// Spans of the cover that play nothing of the reference, in seconds.
    package var added: [ClosedRange<Double>]
    /// Share of the reference that is played, 0…1, and the verdict on it.
    package var coverage: Measure
    /// Points at which cover and reference are in step, in seconds, stretch by stretch.
    package var path: [[Point]]

    /// A moment of the cover and of the reference.
    package struct Point: Sendable, Equatable {
      /// Time in the cover.
      package var cover: Double
      /// Time in the reference.
      package var reference: Double
    }
  }

  /// Duration of the reference, in seconds.
  package var referenceSeconds: Double
  /// Duration of the cover, in seconds.
  package var coverSeconds: Double
  /// Probability that there is music in the reference, 0…1; not part of the verdict on the cover.
  package var referenceMusic: Measure
  /// Probability that there is music in the cover, 0…1.
  package var music: Measure
  /// Whether both are the same piece: the share of the shorter one that recurs in the other, in order.
  package var samePiece: Measure
  /// Whether the cover is the reference itself: the agreement of the details of their sound; nil if there is too little
  /// to compare.
  package var returned: Measure?
  /// How they lie to each other; nil unless they are the same piece.
  package var alignment: Alignment?
  /// What seems to carry the cover's melody; not judged.
  package var voice = Voice.unclear
  /// The requests for the cover and what was found of them.
  package var wishes: [WishOutcome] = []

  /// `true` if the cover plays the reference's piece, as far as can be told.
  package var isSamePiece: Bool { alignment != nil && music.verdict != .fail && referenceMusic.verdict != .fail }

  /// The worst verdict of all measures and requests; other chords and unmet requests are warnings at most.
  package var verdict: VerificationReport.Verdict {
    let measures = [
      music, samePiece, returned, alignment?.coverage, alignment?.melody, alignment?.harmony,
    ]
    return (measures.map { $0?.verdict } + wishes.map(\.verdict)).compactMap(\.self).max() ?? .pass
  }

  /// How near the cover is to its reference, for ranking takes: what is the same piece comes first, then how much of it
  /// is played, and how much of the tune and the chords is kept.
  package var nearness: Double {
    guard let alignment else { return min(0, samePiece.kept - 1) }
    let kept = max(0, alignment.melody?.kept ?? 0) + max(0, alignment.harmony?.kept ?? 0) / 2
    return max(0, samePiece.kept) + alignment.coverage.value + kept
  }
}
