package import RepriseSystem

/// A proof that a rewritten file decodes to the samples of its source, identical to the bit.
///
/// Both files are decoded side by side, block by block, and compared from the first sample to the last. The floats of a
/// lossy encoding may differ by the rounding of a decoder whose frames are shifted in its ring buffers.
package struct SpliceProof: Sendable, Equatable {
  /// Number of frames (samples per channel) that were compared: all of both files.
  package let frames: Int

  /// Largest difference due to rounding: −126 dBFS, as of a part that is cut (`MP3CutProof`).
  private static let rounding: Float = 5e-7

  /// Compares a rewritten file with its source.
  ///
  /// - Parameters:
  ///   - path: The path of the rewritten file.
  ///   - source: The path of the source.
  ///   - cancellation: Interrupts the comparison.
  /// - Returns: The proof.
  /// - Throws: `SpliceFailure` if they differ, `AudioFileError` if one of the files cannot be decoded.
  @discardableResult package static func check(
    _ path: String, against source: String, cancellation: Cancellation? = nil
  ) throws -> SpliceProof {
    var made = try AudioDecoder(path: path, cancellation: cancellation)
    var original = try AudioDecoder(path: source, cancellation: cancellation)
    guard made.sampleRate == original.sampleRate, made.channels == original.channels else {
      throw SpliceFailure.otherForm(
        sampleRate: made.sampleRate, channels: made.channels, insteadOf: original.sampleRate, original.channels)
    }
    if case .integer = made.encoding, case .integer = original.encoding {
      return try compare(&made, &original, cancellation) { (one: Int32, other: Int32) in one == other }
    }
    let tolerance: Float = original.encoding == .lossy ? SpliceProof.rounding : 0
    return try compare(&made, &original, cancellation) { (one: Float, other: Float) in
      one.bitPattern == other.bitPattern || abs(one - other) <= tolerance
    }
  }

  private static func compare<Sample: DecodedSample & Equatable>(
    _ made: inout AudioDecoder, _ original: inout AudioDecoder, _ cancellation: Cancellation?,
    _ isSame: (Sample, Sample) -> Bool
  ) throws -> SpliceProof {
    let channels = made.channels
    let most = max(AudioDecoder.blockSamples / channels, 1)
    var got: [Sample] = []
    var wanted: [Sample] = []
    var frames = 0
    while true {
      if let cancellation, cancellation.isCancelled { throw AudioFileError.cancelled(original.path) }
      let count = try fill(&got, from: &made, frames: most)
      let wantedCount = try fill(&wanted, from: &original, frames: most)
      if got != wanted {
        let common = min(count, wantedCount) * channels
        if let place = (0..<common).first(where: { !isSame(got[$0], wanted[$0]) }) {
          throw SpliceFailure.otherSamples(frame: frames + place / channels)
        }
      }
      frames += min(count, wantedCount)
      guard count == wantedCount else {
        throw SpliceFailure.otherLength(frame: frames, isLonger: count > wantedCount)
      }
      if count < most { return SpliceProof(frames: frames) }
    }
  }

  /// Replaces the contents of a block by the next frames of a file, fewer than wanted only at its end.
  private static func fill<Sample: DecodedSample>(
    _ block: inout [Sample], from decoder: inout AudioDecoder, frames: Int
  ) throws(AudioFileError) -> Int {
    var got = try Sample.read(from: &decoder, into: &block, frames: frames)
    while got < frames {
      var more: [Sample] = []
      let count = try Sample.read(from: &decoder, into: &more, frames: frames - got)
      if count == 0 { break }
      block += more
      got += count
    }
    return got
  }
}

/// The reasons for which a rewritten file is not delivered.
package enum SpliceFailure: Error, Equatable, Sendable {
  /// The rewritten file has another sample rate, in Hz, or number of channels.
  case otherForm(sampleRate: Int, channels: Int, insteadOf: Int, Int)
  /// The files are alike up to a frame at which one of them ends.
  case otherLength(frame: Int, isLonger: Bool)
  /// The samples differ from a frame on.
  case otherSamples(frame: Int)
}
