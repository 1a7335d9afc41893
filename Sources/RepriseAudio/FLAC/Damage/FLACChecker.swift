import RepriseSystem

/// A check of a whole FLAC stream by libFLAC, the only decoder that compares frame checksums and the MD5.
enum FLACChecker {
  /// A damaged stretch, in samples per channel as they are played.
  struct Span: Equatable {
    /// First damaged sample.
    let start: Int
    /// First intact sample after the stretch.
    var end: Int
    /// Kind of damage.
    let kind: DamageSpan.Kind
  }

  /// The result of the check.
  struct Outcome {
    /// Number of samples per channel of the frames that are present, including frames with a wrong checksum and
    /// excluding silence that replaces missing ones.
    var frames = 0
    /// Number of errors, including those after the last frame.
    var errorCount = 0
    /// Damaged stretches, the first hundred.
    var spans: [Span] = []
    /// Number of damaged stretches.
    var spanCount = 0
    /// Number of samples per channel in all damaged stretches.
    var lost = 0
    /// Number of samples per channel that are missing by the frame numbers.
    var missing = 0
    /// First sample whose frame has a lower number than the previous frame.
    var repeatedAt: Int?
    /// Offset of the end of the last frame.
    var end: Int?
    /// `true` if the MD5 in STREAMINFO is that of the samples; `nil` if it was never computed.
    var md5Matches: Bool?
    /// Statistics of the samples.
    var statistics: SignalStatistics?

    /// Records damage; a stretch adjacent to the last one of the same kind extends it.
    mutating func add(from start: Int, to end: Int, _ kind: DamageSpan.Kind) {
      lost += end - start
      if let last = spans.last, spans.count == spanCount, last.kind == kind, last.end == start {
        spans[spans.count - 1].end = end
        return
      }
      spanCount += 1
      if spans.count < 100 { spans.append(Span(start: start, end: end, kind: kind)) }
    }
  }

  /// Decodes everything from an offset on.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of the "fLaC" marker.
  ///   - hasMD5: `true` if STREAMINFO has an MD5 to compare with.
  ///   - cancellation: Interrupts decoding.
  ///   - listen: Called with interleaved samples and their number of channels.
  /// - Returns: The result of the check.
  /// - Throws: `AudioFileError` `io` or `cancelled`.
  static func run(
    _ file: borrowing InputFile, from offset: Int, hasMD5: Bool, cancellation: Cancellation?,
    listen: (([Float], _ channels: Int) -> Void)?
  ) throws(AudioFileError) -> Outcome {
    let stream = try FLACStream(
      file, from: offset, checkingMD5: hasMD5, wantsFloats: true, cancellation: cancellation)
    var outcome = Outcome()
    // Errors are reported before the frame that follows them; after the last frame they are a tag or the cut itself.
    var pending: [DamageSpan.Kind] = []
    while let step = try stream.step() {
      outcome.errorCount += step.errorCount
      if pending.count < 100 { pending += step.errors }
      // The metadata and the end are steps as well, without samples.
      guard step.frames > 0 else { continue }
      let frame = outcome.frames + outcome.missing
      let hole = step.filled + step.skipped
      let whole = step.frames - step.filled
      let isWrong = pending.contains(.checksum)
      if hole > 0 {
        outcome.add(from: frame, to: frame + hole, isWrong ? .checksum : .missingFrames(pending.first))
        // A frame with a wrong checksum is present and takes its time; libFLAC omits it until it has found the next
        // one.
        let damaged = isWrong ? min(hole, step.blockSize) : 0
        outcome.frames += damaged
        outcome.missing += hole - damaged
      } else if isWrong {
        outcome.add(from: frame, to: frame + whole, .checksum)
      } else if let kind = pending.first {
        let another = try outcome.end.map { end throws(AudioFileError) in try file.bytes(at: end, count: 4) }
        outcome.add(from: frame, to: frame, another == Array("fLaC".utf8) ? .anotherStream : kind)
      }
      pending = []
      if step.isRepeated, outcome.repeatedAt == nil { outcome.repeatedAt = frame + hole }
      if step.isForeign {
        outcome.add(from: frame + hole, to: frame + hole + whole, .foreignFrames)
      }
      if outcome.statistics == nil { outcome.statistics = SignalStatistics(channels: step.channels) }
      // A stream whose channels change is measured only up to the change.
      if outcome.statistics?.channels == step.channels {
        stream.withFloats(from: step.filled * step.channels) { samples in
          outcome.statistics?.add(samples)
          unsafe samples.withUnsafeBufferPointer { listen?(unsafe Array($0), step.channels) }
        }
      }
      outcome.frames += whole
      outcome.end = stream.position
    }
    // Finishing compares the MD5; it also reports a mismatch if samples were lost, which the errors describe better.
    let matches = stream.finish()
    outcome.md5Matches = hasMD5 ? matches : nil
    return outcome
  }
}

extension Optional {
  /// Returns the result of `body` for the wrapped value, and throws only its type of error; `nil` if there is none.
  fileprivate func map<Result, Failure: Error>(_ body: (Wrapped) throws(Failure) -> Result) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }
}
