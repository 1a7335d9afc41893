import Foundation
package import RepriseAnalysis
package import RepriseSystem

extension Likeness {
  /// Compares a cover with its reference.
  ///
  /// Blocks: use it inside `offPool`, with the token it gives.
  ///
  /// - Parameters:
  ///   - cover: The cover as heard.
  ///   - reference: The recording that the cover was made of, as heard.
  ///   - wishes: The requests for the cover.
  ///   - thresholds: The bounds of the verdicts.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  package init(
    of cover: AnalyzedRecording, to reference: AnalyzedRecording, wishes: Wishes = .init(),
    thresholds: LikenessThresholds = .init(), cancellation: Cancellation
  ) throws {
    func music(_ recording: AnalyzedRecording) -> Measure {
      let probability = recording.analysis.confidence.music
      return Measure(value: probability, chance: 0, verdict: thresholds.music.verdict(of: probability))
    }
    self.init(
      referenceSeconds: reference.analysis.seconds, coverSeconds: cover.analysis.seconds,
      referenceMusic: music(reference), music: music(cover),
      samePiece: Measure(value: 0, chance: 0, verdict: .fail))
    voice = Voice(of: cover, thresholds)
    try compare(cover, reference, wishes, thresholds, cancellation)
    self.wishes = wishes.outcomes(of: cover.analysis, to: reference.analysis, alignment, voice, thresholds)
  }

  private mutating func compare(
    _ cover: AnalyzedRecording, _ reference: AnalyzedRecording, _ wishes: Wishes, _ thresholds: LikenessThresholds,
    _ cancellation: Cancellation
  ) throws {
    guard let relation = try Relation(reference, cover, cancellation: cancellation) else {
      returned = try Self.returned(reference, cover, nil, 0, thresholds, cancellation)
      excuseShortness(thresholds)
      return
    }
    samePiece = Measure(value: min(1, relation.value), chance: relation.chance, verdict: .pass)
    let (map, transposition) = try Self.map(reference, cover, relation, cancellation: cancellation)
    returned = try Self.returned(
      reference, cover, map.runs.isEmpty ? nil : map, transposition, thresholds, cancellation)
    let found = Alignment(reference, cover, map, transposition: transposition, wishes, thresholds)
    samePiece.verdict = found.relation(samePiece, thresholds)
    if samePiece.verdict != .fail { alignment = found } else { excuseShortness(thresholds) }
    // What plays a piece of music is music: unaccompanied voices and drums are easily mistaken for something else.
    if samePiece.verdict == .pass, referenceMusic.verdict != .fail { music.verdict = min(.warn, music.verdict) }
  }

  // Between short recordings chance and likeness lie too near each other.
  private mutating func excuseShortness(_ thresholds: LikenessThresholds) {
    if min(referenceSeconds, coverSeconds) < thresholds.shortestCertain { samePiece.verdict = .warn }
  }

  private init(
    referenceSeconds: Double, coverSeconds: Double, referenceMusic: Measure, music: Measure, samePiece: Measure
  ) {
    self.referenceSeconds = referenceSeconds
    self.coverSeconds = coverSeconds
    self.referenceMusic = referenceMusic
    self.music = music
    self.samePiece = samePiece
  }

  /// Aligns the recordings: coarsely at the relation's tempo ratio, then at the ratio found.
  static func map(
    _ reference: AnalyzedRecording, _ cover: AnalyzedRecording, _ relation: Relation, cancellation: Cancellation
  ) throws -> (TimeMap, Int) {
    let seconds = (reference.analysis.seconds, cover.analysis.seconds)
    let step = Relation.step(seconds.0, seconds.1) / 2
    let fixed = ChromaSequence(reference.pitchClasses, step: step, seconds: seconds.0)
    var ratio = relation.tempoRatio
    var map: TimeMap?
    let length = max(3, min(13, Int(3 / step)))
    // −40 dB of the loudest moment; codecs leave noise in silence.
    let silence: Float = 0.01
    let turn = relation.transposition.modulo(12)
    for _ in 0..<2 {
      try cancellation.check()
      let moving = ChromaSequence(cover.pitchClasses, step: step / ratio, seconds: seconds.1)
      let similarity = SimilarityMatrix(fixed, moving, transposition: turn, length: length)
      let boundaries = reference.analysis.sections.flatMap { [$0.start, $0.end] }.map { Int(($0 / step).rounded()) }
      let alignment = JumpAlignment(
        similarity, reference: fixed.count, cover: moving.count, length: length, boundaries: boundaries,
        sounding: (0..<moving.count).map { cover.levels.sounds(at: (Double($0) + 0.5) * step / ratio, above: silence) })
      let found = TimeMap(alignment, step: step, ratio: ratio, seconds: min(seconds.0, seconds.1))
      map = found
      if abs(found.tempoRatio / ratio - 1) < 0.01 { break }
      ratio = found.tempoRatio
    }
    var refined = map ?? TimeMap(runs: [], tempoRatio: ratio)
    try cancellation.check()
    refined.refine(reference.pitchClasses, cover.pitchClasses, transposition: relation.transposition)
    return (refined, relation.transposition)
  }

  private static func returned(
    _ reference: AnalyzedRecording, _ cover: AnalyzedRecording, _ map: TimeMap?, _ transposition: Int,
    _ thresholds: LikenessThresholds, _ cancellation: Cancellation
  ) throws -> Measure? {
    let found = try ReturnedInput(
      reference.fineStructure, cover.fineStructure, map: map, transposition: transposition, cancellation: cancellation)
    guard let found else { return nil }
    let measure = Measure(value: max(0, found.value), chance: max(0, found.chance), verdict: .pass)
    return Measure(
      value: measure.value, chance: measure.chance, verdict: measure.kept > thresholds.returned ? .fail : .pass)
  }
}

extension Likeness.Alignment {
  init(
    _ reference: AnalyzedRecording, _ cover: AnalyzedRecording, _ map: TimeMap, transposition: Int,
    _ wishes: Wishes, _ thresholds: LikenessThresholds
  ) {
    let notes = (LabelTrack(melodyOf: reference.analysis), LabelTrack(melodyOf: cover.analysis))
    let triads = (LabelTrack(triadsOf: reference.analysis), LabelTrack(triadsOf: cover.analysis))
    let pairs = map.pairs(reference: notes.0.labels.count, cover: notes.1.labels.count)
    let tune = Agreement(notes.0, notes.1, pairs: pairs, transposition: transposition)
    let chords = Agreement(triads.0, triads.1, pairs: pairs, transposition: transposition)
    let bases = Agreement(triads.0.roots, triads.1.roots, pairs: pairs, transposition: transposition)
    let coverage = Coverage(
      map, reference: reference.analysis, levels: reference.levels, coverSeconds: cover.analysis.seconds)
    self.transposition = transposition
    tempoRatio = map.tempoRatio
    offset = map.runs.first.map { $0.coverStart - $0.referenceStart / map.tempoRatio } ?? 0
    melody = tune.seconds >= 3 ? Self.melody(tune, thresholds) : nil
    isTuneLost = melody.map { thresholds.melody.verdict(of: $0.kept) == .fail } ?? false
    harmony =
      chords.seconds >= 3
      ? .init(
        value: chords.value, chance: chords.chance,
        verdict: min(.warn, thresholds.harmony.verdict(of: chords.kept))) : nil
    roots =
      bases.seconds >= 3
      ? .init(
        value: bases.value, chance: bases.chance, verdict: min(.warn, thresholds.harmony.verdict(of: bases.kept)))
      : nil
    added = coverage.added
    // A cover that is to be shorter cannot play all of its reference.
    let wanted = wishes.seconds.map { $0 * map.tempoRatio / max(1, reference.analysis.seconds) } ?? 1
    self.coverage = .init(
      value: coverage.share, chance: 0, verdict: thresholds.coverage.verdict(of: coverage.share / min(1, wanted)))
    path = map.runs.map { run in zip(run.cover, run.reference).map { Point(cover: $0, reference: $1) } }
    sections = coverage.sections.map { section in
      var section = section
      guard section.state != .missing else { return section }
      let own = pairs.filter { pair in
        let time = Double(pair.0) / LabelTrack.rate
        return time >= section.start && time < section.end
      }
      let found = Agreement.share(notes.0, notes.1, own, transposition, shift: 0)
      if Double(found.cells) / LabelTrack.rate >= 2 {
        section.melody = Self.melody(
          Agreement(value: found.value, chance: tune.chance, seconds: Double(found.cells) / LabelTrack.rate), thresholds
        )
      }
      return section
    }
  }

  /// Returns the verdict on the relation.
  ///
  /// Where not enough recurs in order, the tune may show that it is the same piece in another order, and its absence
  /// that only the chords are alike.
  func relation(_ share: Likeness.Measure, _ thresholds: LikenessThresholds) -> VerificationReport.Verdict {
    if share.kept >= thresholds.relation.pass { return .pass }
    let length = path.reduce(0) { $0 + ($1.last?.reference ?? 0) - ($1.first?.reference ?? 0) }
    let tune = length >= thresholds.shortestPath ? melody?.kept ?? 0 : 0
    if tune >= thresholds.tuneShows { return .pass }
    if tune >= thresholds.tuneSaves, share.kept >= thresholds.relation.pass / 2 { return .warn }
    // Where chance itself comes near, as in a piece of one figure that wanders through the keys, it cannot be told.
    let isNear = share.kept >= thresholds.relation.warn || share.value >= thresholds.recurring
    return isNear ? .warn : .fail
  }

  private static func melody(_ found: Agreement, _ thresholds: LikenessThresholds) -> Likeness.Measure {
    let verdict = thresholds.melody.verdict(of: found.kept)
    return .init(
      value: found.value, chance: found.chance, verdict: thresholds.tuneMayFail ? verdict : min(.warn, verdict))
  }
}
