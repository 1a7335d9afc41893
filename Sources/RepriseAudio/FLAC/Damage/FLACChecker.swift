import RepriseSystem

/// Decodes a whole FLAC stream by libFLAC, the only decoder that compares frame checksums and the MD5.
enum FLACChecker {
  /// A stretch in which something is wrong, in samples as they are played.
  struct Span: Equatable {
    /// Where it begins.
    let start: Int
    /// Where what follows is whole again.
    var end: Int
    /// What is wrong there.
    let kind: DamageSpan.Kind
  }

  /// What came out.
  struct Outcome {
    /// Samples a channel of the frames that are there, those whose checksum is wrong included; silence that stands for
    /// missing ones does not count.
    var frames = 0
    /// Errors met, those behind the last frame included.
    var errorCount = 0
    /// Damage, the first hundred stretches.
    var spans: [Span] = []
    /// How many there are.
    var spanCount = 0
    /// Samples a channel in all of them.
    var lost = 0
    /// Samples a channel that are missing by the frames' numbers.
    var missing = 0
    /// The first sample whose frame has a lower number than the one before.
    var repeatedAt: Int?
    /// Where the last frame ends.
    var end: Int?
    /// Whether the MD5 in STREAMINFO is that of the samples; `nil` if it was never computed.
    var md5Matches: Bool?
    /// What the samples are like.
    var statistics: SignalStatistics?

    /// Notes damage; what touches the last stretch of the same kind extends it.
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

  /// Decodes everything from `offset` on.
  ///
  /// - Parameter listen: Takes interleaved samples and their channels.
  static func run(
    _ file: borrowing InputFile, from offset: Int, hasMD5: Bool, cancellation: Cancellation?,
    listen: (([Float], _ channels: Int) -> Void)?
  ) throws(AudioFileError) -> Outcome {
    let stream = try FLACStream(
      file, from: offset, checkingMD5: hasMD5, wantsFloats: true, cancellation: cancellation)
    var outcome = Outcome()
    // Errors are told before the frame that follows them; behind the last one they are a tag or the cut itself.
    var pending: [DamageSpan.Kind] = []
    while let step = try stream.step() {
      outcome.errorCount += step.errorCount
      if pending.count < 100 { pending += step.errors }
      // The metadata and the end are steps as well, without samples.
      guard step.frames > 0 else { continue }
      let place = outcome.frames + outcome.missing
      let hole = step.filled + step.skipped
      let whole = step.frames - step.filled
      let isWrong = pending.contains(.checksum)
      if hole > 0 {
        outcome.add(from: place, to: place + hole, isWrong ? .checksum : .missingFrames(pending.first))
        // A frame whose checksum is wrong is there and takes its time; libFLAC leaves it out until the next is found.
        let damaged = isWrong ? min(hole, step.blockSize) : 0
        outcome.frames += damaged
        outcome.missing += hole - damaged
      } else if isWrong {
        outcome.add(from: place, to: place + whole, .checksum)
      } else if let kind = pending.first {
        let another = try outcome.end.map { end throws(AudioFileError) in try file.bytes(at: end, count: 4) }
        outcome.add(from: place, to: place, another == Array("fLaC".utf8) ? .anotherStream : kind)
      }
      pending = []
      if step.isRepeated, outcome.repeatedAt == nil { outcome.repeatedAt = place + hole }
      if step.isForeign {
        outcome.add(from: place + hole, to: place + hole + whole, .foreignFrames)
      }
      if outcome.statistics == nil { outcome.statistics = SignalStatistics(channels: step.channels) }
      // A stream that changes its channels on the way is measured only as long as it does not.
      if outcome.statistics?.channels == step.channels {
        stream.withFloats(from: step.filled * step.channels) { samples in
          outcome.statistics?.add(samples)
          unsafe samples.withUnsafeBufferPointer { listen?(unsafe Array($0), step.channels) }
        }
      }
      outcome.frames += whole
      outcome.end = stream.position
    }
    // Finishing compares the MD5; it also says "wrong" if samples were lost, which the errors tell better.
    let matches = stream.finish()
    outcome.md5Matches = hasMD5 ? matches : nil
    return outcome
  }
}

extension Optional {
  /// `map` for a body that throws one type.
  fileprivate func map<Result, Failure: Error>(_ body: (Wrapped) throws(Failure) -> Result) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }
}
