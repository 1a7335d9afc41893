import RepriseAudio
import RepriseSystem

/// Decodes a stretch of a recording, changes what has to be changed, and encodes it, block by block.
struct SampleTransfer {
  let source: String
  let work: Work.Encode
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void
  /// Whether what is written so far is more than the service takes, so that the rest would be in vain.
  let isTooLarge: () -> Bool

  /// Writes the result into an existing file.
  ///
  /// - Returns: whether all of it was written; `false` if it became too large on the way.
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`.
  func run(into path: String) throws -> Bool {
    let feed = SampleFeed(source: source, work: work, cancellation: cancellation, progress: progress)
    var encoder = try AudioEncoder(
      path: path, encoding: work.encoding, sampleRate: work.sampleRate, channels: work.channels)
    let isWhole = try feed.run { block in
      switch block {
      case .integers(let samples): try encoder.write(samples)
      case .floats(let samples): try encoder.write(samples)
      }
      return !isTooLarge()
    }
    try encoder.finish()
    return isWhole
  }
}
