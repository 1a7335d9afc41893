internal import RepriseSignal
import RepriseSystem

/// Decodes a whole file for what only its samples tell.
struct DeepPass: ~Copyable {
  private var statistics: SignalStatistics
  private var meter: LoudnessMeter?

  private init(channels: Int, sampleRate: Int, loudness: Bool) {
    statistics = SignalStatistics(channels: channels)
    // Rates and channel counts that R 128 does not know cost that figure, not the inspection.
    meter = loudness ? try? LoudnessMeter(channels: channels, sampleRate: sampleRate) : nil
  }

  /// Decodes everything.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - content: What it is.
  ///   - layout: An mp3's frames.
  ///   - loudness: whether loudness is measured, which takes longer than all the rest.
  ///   - listener: Hears every sample.
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
      // A block that libebur128 refuses cannot be made up for: the figure is given up.
      if pass.meter != nil, (try? pass.meter?.add(block)) == nil { pass.meter = nil }
      return true
    }
    let found = pass.meter?.loudness()
    return (pass.statistics, found.map(Inspection.LoudnessFigures.init))
  }

  /// Whether any sample is loud enough for a file not to be silent; what holds no audio, or is damaged, counts as such.
  ///
  /// Decodes as far as the first such sample.
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
      return statistics.isSilent
    }
    return !statistics.isSilent
  }
}

extension Inspection.LoudnessFigures {
  /// Figures without infinities, which JSON does not have.
  init(_ loudness: Loudness) {
    integrated = loudness.integrated.isFinite ? loudness.integrated : nil
    range = loudness.range
    truePeak = loudness.truePeak.isFinite ? loudness.truePeak : nil
  }
}
