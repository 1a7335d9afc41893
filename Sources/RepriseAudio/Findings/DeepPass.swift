internal import RepriseSignal
import RepriseSystem

/// A decoding pass over a whole file, for the facts that require its samples.
struct DeepPass: ~Copyable {
  private var statistics: SignalStatistics
  private var meter: LoudnessMeter?

  private init(channels: Int, sampleRate: Int, loudness: Bool) {
    statistics = SignalStatistics(channels: channels)
    // Rates and channel counts that R 128 does not support cost that figure, not the inspection.
    meter = loudness ? try? LoudnessMeter(channels: channels, sampleRate: sampleRate) : nil
  }

  /// Decodes everything.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - content: The content of the file.
  ///   - layout: The frames of an mp3.
  ///   - loudness: `true` to measure loudness, which takes longer than everything else.
  ///   - listener: Receives every sample.
  ///   - cancellation: Interrupts decoding.
  /// - Returns: The statistics of the samples, and the loudness if it was measured.
  /// - Throws: `AudioFileError` as `AudioDecoder` does.
  static func run(
    _ file: InputFile, _ content: SniffedContent, layout: MP3Layout?, loudness: Bool, listener: (any SampleListener)?,
    cancellation: Cancellation?
  ) throws(AudioFileError) -> (statistics: SignalStatistics, loudness: Inspection.LoudnessFigures?) {
    var decoder = try AudioDecoder(file, content, layout: layout, cancellation: cancellation)
    var pass = DeepPass(channels: decoder.channels, sampleRate: decoder.sampleRate, loudness: loudness)
    listener?.begin(format: decoder.format, sampleRate: decoder.sampleRate, channels: decoder.channels)
    try decoder.readBlocks(cancellation: cancellation) { (block: inout [Float]) in
      pass.statistics.add(block)
      listener?.take(block)
      // A block that libebur128 rejects cannot be compensated for: the figure is given up.
      if pass.meter != nil, (try? pass.meter?.add(block)) == nil { pass.meter = nil }
      return true
    }
    let found = pass.meter?.loudness()
    return (pass.statistics, found.map(Inspection.LoudnessFigures.init))
  }

  /// Returns `true` if any sample is loud enough for a file not to be silent, or if the file is damaged or holds no
  /// audio.
  ///
  /// Decodes up to the first sample over −80 dBFS; if there is none, everything.
  static func isAudible(
    _ file: InputFile, _ content: SniffedContent, _ evidence: Evidence, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    guard evidence.unsupported == nil, evidence.corruption == nil,
      evidence.countedFrames ?? evidence.decodedFrames ?? 0 > 0
    else { return true }
    if let statistics = evidence.statistics { return !statistics.isSilent }
    var decoder = try AudioDecoder(file, content, layout: evidence.frames?.layout, cancellation: cancellation)
    var statistics = SignalStatistics(channels: decoder.channels)
    try decoder.readBlocks(cancellation: cancellation) { (block: inout [Float]) in
      statistics.add(block)
      return !statistics.isAudible
    }
    return !statistics.isSilent
  }
}

extension Inspection.LoudnessFigures {
  /// Creates figures without infinities, which JSON does not have.
  init(_ loudness: Loudness) {
    integrated = loudness.integrated.isFinite ? loudness.integrated : nil
    range = loudness.range
    truePeak = loudness.truePeak.isFinite ? loudness.truePeak : nil
  }
}
