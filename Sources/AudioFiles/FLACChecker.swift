import Platform

/// Decodes a whole FLAC stream by libFLAC, the only decoder that compares frame checksums and the MD5.
enum FLACChecker {
  /// What came out.
  struct Outcome {
    /// Samples a channel that were decoded without an error; silence that stands for missing ones does not count.
    var frames = 0
    /// Errors met: their kind and the sample after which each stands; the first hundred.
    var errors: [(kind: String, after: Int)] = []
    /// How many there were.
    var errorCount = 0
    /// Stretches that the frames' numbers skip: from which sample, as one plays it, and how many; the first hundred.
    var holes: [(start: Int, length: Int)] = []
    /// How many there were.
    var holeCount = 0
    /// Samples a channel in all of them.
    var missing = 0
    /// Where the last frame ends.
    var end: Int?
    /// Whether the MD5 in STREAMINFO is that of the samples; `nil` if it was never computed.
    var md5Matches: Bool?
    /// What the samples are like.
    var statistics: SignalStatistics?
  }

  /// Decodes everything from `offset` on.
  static func run(
    _ file: borrowing InputFile, from offset: Int, hasMD5: Bool, cancellation: Cancellation?
  ) throws(AudioFileError) -> Outcome {
    let stream = try FLACStream(file, from: offset, checkingMD5: hasMD5, cancellation: cancellation)
    var outcome = Outcome()
    var samples: [Float] = []
    let scale = Float(1) / 2_147_483_648
    while let step = try stream.step() {
      outcome.errorCount += step.errorCount
      for kind in step.errors where outcome.errors.count < 100 { outcome.errors.append((kind, outcome.frames)) }
      // The metadata and the end are steps as well, without samples.
      guard step.frames > 0 else { continue }
      let hole = step.filled + step.skipped
      if hole > 0 {
        if outcome.holes.count < 100 { outcome.holes.append((outcome.frames + outcome.missing, hole)) }
        outcome.holeCount += 1
        outcome.missing += hole
      }
      if outcome.statistics == nil { outcome.statistics = SignalStatistics(channels: step.channels) }
      // A stream that changes its channels on the way is measured only as long as it does not.
      if outcome.statistics?.channels == step.channels {
        let block = stream.block
        samples.removeAll(keepingCapacity: true)
        for sample in block.dropFirst(step.filled * step.channels) { samples.append(Float(sample) * scale) }
        outcome.statistics?.add(samples)
      }
      outcome.frames += step.frames - step.filled
      outcome.end = stream.position
    }
    // Finishing compares the MD5; it also says "wrong" if samples were lost, which the errors tell better.
    let matches = stream.finish()
    outcome.md5Matches = hasMD5 ? matches : nil
    return outcome
  }
}
