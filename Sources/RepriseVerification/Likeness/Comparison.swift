package import RepriseAnalysis
internal import RepriseAudio
internal import RepriseSystem

/// The outcome of comparing a result with its reference.
package enum Comparison: Sendable, Equatable {
  /// They were compared.
  case compared(Likeness)
  /// They were not compared, for a reason.
  case notCompared(Obstacle)

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
  }

  /// The likeness; nil if they were not compared.
  package var likeness: Likeness? { if case .compared(let likeness) = self { likeness } else { nil } }

  /// The reason why they were not compared; nil if they were.
  package var obstacle: Obstacle? { if case .notCompared(let obstacle) = self { obstacle } else { nil } }

  /// The findings of the comparison.
  var findings: [VerificationReport.Finding] {
    guard let likeness else { return [] }
    var findings: [VerificationReport.Finding] = [.music(likeness.music), .samePiece(likeness.samePiece)]
    if let returned = likeness.returned { findings.append(.returned(returned)) }
    guard let alignment = likeness.alignment else { return findings }
    findings.append(.coverage(alignment.coverage))
    if let melody = alignment.melody { findings.append(.melody(melody)) }
    if let harmony = alignment.harmony { findings.append(.harmony(harmony)) }
    return findings
  }

  /// Hears a result and its reference and compares them.
  ///
  /// - Throws: `CancellationError`.
  static func made(
    of cover: AudioBuffer?, with reference: AudioBuffer?, thresholds: LikenessThresholds
  ) async throws -> Comparison {
    guard let cover, let reference else { return .notCompared(.unsupportedAudio) }
    let analyzer = Analyzer(models: LearnedModels.installed())
    return try await offPool("reprise.likeness") { cancellation in
      let theirs: AnalyzedRecording
      do { theirs = try analyzer.hear(reference, cancellation: cancellation) } catch let error as AnalysisError {
        return .notCompared(.referenceNotHeard(error))
      }
      guard theirs.analysis.confidence.music >= thresholds.music.pass else {
        return .notCompared(.noMusicInReference(theirs.analysis.confidence.music))
      }
      let ours: AnalyzedRecording
      do { ours = try analyzer.hear(cover, cancellation: cancellation) } catch let error as AnalysisError {
        return .notCompared(.coverNotHeard(error))
      }
      return .compared(try Likeness(of: ours, to: theirs, thresholds: thresholds, cancellation: cancellation))
    }
  }
}

/// A reference as heard, with which takes are compared one by one.
package struct ComparisonReference: Sendable {
  private let heard: AnalyzedRecording
  private let analyzer: Analyzer

  /// Decodes and hears a reference.
  ///
  /// - Parameter path: The reference's path.
  /// - Throws: `AudioFileError` if it can't be decoded; `AnalysisError` if it is too short, too long or silent;
  ///   `CancellationError`.
  package init(path: String) async throws {
    let analyzer = Analyzer(models: LearnedModels.installed())
    self.analyzer = analyzer
    heard = try await Self.hear(path, analyzer)
  }

  /// The analysis of the reference.
  package var analysis: Analysis { heard.analysis }

  /// Decodes and hears a take, and compares it with the reference.
  ///
  /// - Parameter path: The take's path.
  /// - Returns: The likeness.
  /// - Throws: As `init(path:)` does.
  package func likeness(of path: String) async throws -> Likeness {
    let take = try await Self.hear(path, analyzer)
    return try await offPool("reprise.likeness") { [heard] in try Likeness(of: take, to: heard, cancellation: $0) }
  }

  private static func hear(_ path: String, _ analyzer: Analyzer) async throws -> AnalyzedRecording {
    try await offPool("reprise.hear") { cancellation in
      let found = try Measurement.measure(path, isCompared: true, cancellation)
      guard let samples = found.samples else { throw AudioFileError(path: path, .nothingDecoded) }
      return try analyzer.hear(samples, cancellation: cancellation)
    }
  }
}
