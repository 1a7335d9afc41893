internal import RepriseSignal
import RepriseSystem

/// Decodes a whole file for what only its samples tell.
struct DeepPass: ~Copyable {
  private var statistics: SignalStatistics
  private var meter: LoudnessMeter?

  /// Frames decoded at once: small enough to stay in the processor's cache, whatever the decoder.
  private static let blockSamples = 8192

  private init(channels: Int, sampleRate: Int, loudness: Bool) {
    statistics = SignalStatistics(channels: channels)
    // Rates and channel counts that R 128 does not know cost that figure, not the inspection.
    meter = loudness ? try? LoudnessMeter(channels: channels, sampleRate: sampleRate) : nil
  }

  /// Decodes everything.
  ///
  /// - Parameters:
  ///   - loudness: whether loudness is measured, which takes longer than all the rest.
  /// - Throws: `AudioFileError` as `AudioDecoder` does.
  static func run(
    _ path: String, loudness: Bool, cancellation: Cancellation?
  ) throws(AudioFileError) -> (statistics: SignalStatistics, loudness: Inspection.LoudnessFigures?) {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var pass = DeepPass(channels: decoder.channels, sampleRate: decoder.sampleRate, loudness: loudness)
    var block: [Float] = []
    while try decoder.read(into: &block, frames: max(blockSamples / decoder.channels, 1)) > 0 {
      pass.statistics.add(block)
      // A block that libebur128 refuses cannot be made up for: the figure is given up.
      if pass.meter != nil, (try? pass.meter?.add(block)) == nil { pass.meter = nil }
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    }
    let found = pass.meter?.loudness()
    return (pass.statistics, found.map(Inspection.LoudnessFigures.init))
  }

  /// Whether any sample is loud enough for a file not to be silent; what holds no audio, or is damaged, counts as such.
  ///
  /// Decodes as far as the first such sample.
  static func isAudible(
    _ path: String, _ evidence: Evidence, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    guard evidence.unsupported == nil, evidence.corruption == nil,
      evidence.countedFrames ?? evidence.decodedFrames ?? 0 > 0
    else { return true }
    if let statistics = evidence.statistics { return !statistics.isSilent }
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var statistics = SignalStatistics(channels: decoder.channels)
    var block: [Float] = []
    while try decoder.read(into: &block, frames: max(blockSamples / decoder.channels, 1)) > 0 {
      statistics.add(block)
      if !statistics.isSilent { return true }
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    }
    return false
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
