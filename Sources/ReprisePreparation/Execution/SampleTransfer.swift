import RepriseAudio
import RepriseSystem

/// A transfer that decodes a stretch of a recording, applies the planned changes and encodes the result, block by
/// block.
struct SampleTransfer {
  let source: String
  let work: Work.Encode
  var tags: CarriedTags.Payload?
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void
  /// A closure that returns `true` if the output is already larger than the service accepts, so that writing may stop.
  let isTooLarge: () -> Bool

  /// Writes the result into an existing file.
  ///
  /// - Parameter path: The path of the file.
  /// - Returns: `false` if the output became too large before all of the result was written.
  /// - Throws: `AudioFileError`, `SignalError` or `CancellationError`.
  func run(into path: String) throws -> Bool {
    let feed = SampleFeed(source: source, work: work, cancellation: cancellation, progress: progress)
    var encoder = try AudioEncoder(
      path: path, encoding: work.encoding, sampleRate: work.sampleRate, channels: work.channels,
      tags: tags)
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
