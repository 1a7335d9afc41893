public import RepriseAudio
import RepriseSystem

/// Listens to a recording: tempo, beats, bars, chords, key and tune.
///
/// The work runs on a thread of its own and stops soon after its task is cancelled.
public struct Analyzer: Sendable {
  /// The shortest recording that can be followed, in seconds.
  package static let shortest = 4.0
  /// The longest recording taken, in seconds: half an hour of mono at `Hearing.sampleRate` is 160 MB.
  package static let longest = 1800.0

  /// An analyzer.
  public init() {}

  /// Hears what is in a recording.
  ///
  /// - Parameters:
  ///   - audio: at least 4 s, at most 30 min, at any rate and with any number of channels.
  ///   - progress: called with 0…1, from the working thread.
  /// - Returns: what was heard; the same for the same samples.
  /// - Throws: `AnalysisError` if there is too little or too much to hear; `CancellationError`.
  public func analyze(
    _ audio: AudioBuffer, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> Analysis {
    try await offPool("analysis") { cancellation in
      try Hearing(cancellation: cancellation, progress: progress).analysis(of: audio)
    }
  }
}
