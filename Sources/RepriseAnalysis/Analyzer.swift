package import RepriseAudio
package import RepriseSystem

/// Analyses a recording: tempo, beats, bars, chords, key and melody.
///
/// The work runs on a thread of its own and stops soon after its task is cancelled.
package struct Analyzer: Sendable {
  /// Minimum duration of a recording, in seconds.
  package static let shortest = 4.0
  /// Maximum duration of a recording, in seconds: half an hour of mono at `Hearing.sampleRate` is 160 MB.
  package static let longest = 1800.0

  /// The learned models whose evidence is combined with that of signal processing.
  package let models: LearnedModels

  /// Creates an analyzer.
  package init(models: LearnedModels = .none) { self.models = models }

  /// Analyses a recording.
  ///
  /// - Parameters:
  ///   - audio: 4 s to 30 min of audio, at any sample rate and with any number of channels.
  ///   - progress: A function called with the fraction done, 0…1, on the working thread.
  /// - Returns: The analysis; equal for equal samples.
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  package func analyze(
    _ audio: AudioBuffer, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> Analysis {
    try await offPool("analysis") { cancellation in
      try Hearing(models: models, cancellation: cancellation, progress: progress).analysis(of: audio)
    }
  }

  /// Analyses a recording and keeps the traces by which it is compared with another.
  ///
  /// Blocks: use it inside `offPool`, with the token it gives.
  ///
  /// - Parameters:
  ///   - audio: 4 s to 30 min of audio, at any sample rate and with any number of channels.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Returns: The recording as heard; equal for equal samples.
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  package func hear(_ audio: AudioBuffer, cancellation: Cancellation) throws -> AnalyzedRecording {
    try Hearing(models: models, cancellation: cancellation, progress: { _ in }).recording(of: audio)
  }

  /// Weighs what speaks for each pitch as the melody's, frame by frame, for fitting the weights.
  ///
  /// Blocks: use it inside `offPool`, with the token it gives.
  ///
  /// - Parameters:
  ///   - audio: 4 s to 30 min of audio, at any sample rate and with any number of channels.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Returns: The evidence.
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  package func melodyEvidence(of audio: AudioBuffer, cancellation: Cancellation) throws -> MelodyEvidence {
    try Hearing(models: models, cancellation: cancellation, progress: { _ in }).melodyEvidence(of: audio)
  }
}
