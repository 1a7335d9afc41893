package import RepriseAnalysis
internal import RepriseAudio
internal import RepriseSystem

/// The outcome of comparing a result with its reference.
package enum Comparison: Sendable, Equatable {
  /// They were compared.
  case compared(Likeness)
  /// They were not compared, for a reason; nil for findings that could not be made either.
  case notCompared(Obstacle, findings: Partial? = nil)

  /// What is known of a result that is not compared with its reference as music.
  package struct Partial: Sendable, Equatable {
    /// Probability that there is music in the result, 0…1.
    package var music: Likeness.Measure
    /// Whether the result is the reference itself; nil if there is too little to compare.
    package var returned: Likeness.Measure?
  }

  /// A reason why a result is not compared with its reference.
  package enum Obstacle: Sendable, Equatable {
    /// There is no reference.
    case noReference
    /// The result does not decode in full.
    case cover
    /// The result cannot be analysed.
    case coverNotHeard(AnalysisError)
    /// The reference cannot be analysed.
    case referenceNotHeard(AnalysisError)
    /// There is no music in the reference, with the probability that there is.
    case noMusicInReference(Double)
    /// The samples of one of the two cannot be converted.
    case unsupportedAudio

    /// `false` if another check tells as much, or if no comparison was asked for.
    var isNews: Bool { self != .noReference && self != .cover }
  }

  /// The likeness; nil if they were not compared.
  package var likeness: Likeness? { if case .compared(let likeness) = self { likeness } else { nil } }

  /// The reason why they were not compared; nil if they were.
  package var obstacle: Obstacle? { if case .notCompared(let obstacle, _) = self { obstacle } else { nil } }

  /// The findings of the comparison.
  var findings: [VerificationReport.Finding] {
    guard let likeness else { return partialFindings }
    var findings: [VerificationReport.Finding] = [.music(likeness.music), .samePiece(likeness.samePiece)]
    if let returned = likeness.returned { findings.append(.returned(returned)) }
    if let alignment = likeness.alignment {
      findings.append(.coverage(alignment.coverage))
      if let melody = alignment.melody { findings.append(.melody(melody)) }
      if let harmony = alignment.harmony { findings.append(.harmony(harmony)) }
    }
    return findings + likeness.wishes.filter { $0.verdict != nil }.map { .wish($0) }
  }

  private var partialFindings: [VerificationReport.Finding] {
    guard case .notCompared(let obstacle, let partial) = self, obstacle.isNews else { return [] }
    return [.notCompared(obstacle)] + (partial.map { [.music($0.music)] } ?? [])
      + (partial?.returned.map { [.returned($0)] } ?? [])
  }

  /// Hears a result and its reference and compares them.
  ///
  /// - Throws: `CancellationError`.
  static func made(
    of cover: AudioBuffer?, with reference: AudioBuffer?, wishes: Wishes, thresholds: LikenessThresholds
  ) async throws -> Comparison {
    guard let cover, let reference else { return .notCompared(.unsupportedAudio) }
    let analyzer = Analyzer(models: LearnedModels.installed())
    return try await offPool("reprise.likeness") { cancellation in
      let theirs: AnalyzedRecording
      do { theirs = try analyzer.hear(reference, cancellation: cancellation) } catch let error as AnalysisError {
        return .notCompared(.referenceNotHeard(error))
      }
      let ours: AnalyzedRecording
      do { ours = try analyzer.hear(cover, cancellation: cancellation) } catch let error as AnalysisError {
        return .notCompared(.coverNotHeard(error))
      }
      let likeness = try Likeness(
        of: ours, to: theirs, wishes: wishes, thresholds: thresholds, cancellation: cancellation)
      guard likeness.referenceMusic.verdict != .fail else {
        return .notCompared(
          .noMusicInReference(likeness.referenceMusic.value),
          findings: Partial(music: likeness.music, returned: likeness.returned))
      }
      return .compared(likeness)
    }
  }
}
