package import RepriseSystem

/// A sample as `AudioDecoder` gives it: `Float`, nominally −1…1, or left-justified `Int32`.
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
  /// Samples, of all channels together, that are decoded at once: few enough to stay in the processor's cache whatever
  /// the decoder, and bounded in samples because a wav may claim thousands of channels.
  package static let blockSamples = 8192

  /// Calls `body` with every block of a stretch, until it returns `false`.
  ///
  /// - Parameters:
  ///   - frames: The stretch, counted from where the decoder stands, which must be its beginning; everything unless
  ///     said otherwise. What lies before it is decoded and dropped.
  ///   - cancellation: Asked before every block.
  ///   - body: Takes whole frames of interleaved samples, which it may change; returns whether it wants more.
  /// - Returns: How many frames were decoded, those before the stretch among them: fewer than the stretch's upper bound
  ///   where the file or `body` ended before.
  /// - Throws: `AudioFileError` `io`, `corrupt` or `cancelled`.
  @discardableResult
  package mutating func readBlocks<Sample: DecodedSample>(
    in frames: Range<Int>? = nil, cancellation: Cancellation? = nil, while body: (inout [Sample]) -> Bool
  ) throws(AudioFileError) -> Int {
    let frames = frames ?? 0..<Int.max
    let most = max(AudioDecoder.blockSamples / channels, 1)
    var block: [Sample] = []
    var place = 0
    while place < frames.upperBound {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
      let isBefore = place < frames.lowerBound
      let left = (isBefore ? frames.lowerBound : frames.upperBound) - place
      let got = try Sample.read(from: &self, into: &block, frames: min(left, most))
      if got == 0 { break }
      place += got
      if !isBefore, !body(&block) { break }
    }
    return place
  }

  /// Calls `body` with every block of a stretch.
  ///
  /// - Parameters: As `readBlocks(in:cancellation:while:)` has them.
  /// - Returns: How many frames were decoded, those before the stretch among them.
  /// - Throws: `AudioFileError` `io` or `corrupt`, `CancellationError`, and what `body` throws.
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
