package import RepriseSystem

/// A sample of an `AudioDecoder`: `Float`, nominally −1…1, or left-justified `Int32`.
package protocol DecodedSample {
  /// Reads the next frames of a file, as `AudioDecoder.read(into:frames:)` does.
  static func read(
    from decoder: inout AudioDecoder, into samples: inout [Self], frames: Int
  ) throws(AudioFileError) -> Int
}

extension Float: DecodedSample {
  package static func read(
    from decoder: inout AudioDecoder, into samples: inout [Float], frames: Int
  ) throws(AudioFileError) -> Int {
    try decoder.read(into: &samples, frames: frames)
  }
}

extension Int32: DecodedSample {
  package static func read(
    from decoder: inout AudioDecoder, into samples: inout [Int32], frames: Int
  ) throws(AudioFileError) -> Int {
    try decoder.read(into: &samples, frames: frames)
  }
}

extension AudioDecoder {
  /// Number of samples, over all channels, that are decoded at once.
  ///
  /// They are few enough for the processor's cache with every decoder, and are not counted in frames because a wav may
  /// claim thousands of channels.
  package static let blockSamples = 8192

  /// Calls `body` with every block of a range of frames, until it returns `false`.
  ///
  /// - Parameters:
  ///   - frames: The range, counted from the position of the decoder, which must be its beginning; by default
  ///     everything. Frames before it are decoded and dropped.
  ///   - cancellation: Checked before every block.
  ///   - body: Receives whole frames of interleaved samples, which it may change; returns `true` to continue.
  /// - Returns: The number of frames that were decoded, including those before the range; less than the upper bound of
  ///   the range if the file ended or `body` returned `false` before.
  /// - Throws: `AudioFileError` `io`, `corrupt` or `cancelled`.
  @discardableResult
  package mutating func readBlocks<Sample: DecodedSample>(
    in frames: Range<Int>? = nil, cancellation: Cancellation? = nil, while body: (inout [Sample]) -> Bool
  ) throws(AudioFileError) -> Int {
    let frames = frames ?? 0..<Int.max
    let most = max(AudioDecoder.blockSamples / channels, 1)
    var block: [Sample] = []
    var position = 0
    while position < frames.upperBound {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
      let isBefore = position < frames.lowerBound
      let left = (isBefore ? frames.lowerBound : frames.upperBound) - position
      if isBefore, let skipped = skip(frames: left) {
        if skipped == 0 { break }
        position += skipped
        continue
      }
      let got = try Sample.read(from: &self, into: &block, frames: min(left, most))
      if got == 0 { break }
      position += got
      if !isBefore, !body(&block) { break }
    }
    return position
  }

  /// Calls `body` with every block of a range of frames.
  ///
  /// - Parameters:
  ///   - frames: The range, as for `readBlocks(in:cancellation:while:)`.
  ///   - cancellation: Checked before every block.
  ///   - body: Receives whole frames of interleaved samples, which it may change.
  /// - Returns: The number of frames that were decoded, including those before the range.
  /// - Throws: `AudioFileError` `io` or `corrupt`, `CancellationError`, and the errors of `body`.
  @discardableResult
  package mutating func forEachBlock<Sample: DecodedSample>(
    in frames: Range<Int>? = nil, cancellation: Cancellation? = nil, _ body: (inout [Sample]) throws -> Void
  ) throws -> Int {
    var failure: (any Error)?
    do {
      let decoded = try readBlocks(in: frames, cancellation: cancellation) { (block: inout [Sample]) in
        do { try body(&block) } catch { failure = error }
        return failure == nil
      }
      if let failure { throw failure }
      return decoded
    } catch let error as AudioFileError where error.code == .cancelled {
      throw CancellationError()
    }
  }
}
