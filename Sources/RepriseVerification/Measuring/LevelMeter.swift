internal import RepriseSignal

/// A meter of silence and clipping in a stream of samples.
///
/// The thresholds are those of docs/measurements.md: windows of 100 ms under −50 dBFS are silent; samples in runs of
/// three or more at or over −0.1 dBFS are clipped. A single full-scale sample is a peak, not clipping.
struct LevelMeter: Sendable {
  private let channels: Int
  private var frames = 0
  private var silence: RMSSilence
  private var clipping: FullScaleRuns
  private(set) var peak: Float = 0
  private(set) var invalidSamples = 0

  init(channels: Int, sampleRate: Int) {
    self.channels = channels
    silence = RMSSilence(window: max(1, sampleRate / 10) * channels, threshold: RMSSilence.quiet)
    clipping = FullScaleRuns(threshold: FullScaleRuns.codedFullScale, channels: channels)
  }

  /// The share of 100 ms windows that are silent, 0…1.
  var silentShare: Double { silence.share }

  /// The share of samples in clipped runs, 0…1.
  var clippedShare: Double { frames == 0 ? 0 : Double(clipping.samples) / Double(frames * channels) }

  /// Adds whole frames of interleaved samples.
  mutating func add(_ interleaved: [Float]) {
    guard interleaved.allSatisfy(\.isFinite) else {
      invalidSamples += interleaved.count(where: { !$0.isFinite })
      // A sample that is not a number keeps its position; otherwise the channels after it would be swapped.
      let numbers = interleaved.map { $0.isFinite ? $0 : 0 }
      return add(numbers.span)
    }
    add(interleaved.span)
  }

  private mutating func add(_ samples: Span<Float>) {
    let largest = PeakMeter.largest(samples)
    peak = max(peak, largest)
    clipping.add(samples, at: frames, largest: largest)
    silence.add(samples)
    frames += samples.count / channels
  }
}
