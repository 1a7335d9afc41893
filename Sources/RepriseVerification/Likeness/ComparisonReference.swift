package import RepriseAnalysis
internal import RepriseAudio
internal import RepriseSystem

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
