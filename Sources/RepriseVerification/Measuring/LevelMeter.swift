/// Counts silence and clipping in a stream of samples.
///
/// The thresholds are those of docs/measurements.md: frames of 100 ms under −50 dBFS are silent; samples in runs of
/// three or more at or over −0.1 dBFS are clipped. A single full-scale sample is a peak, not clipping.
struct LevelMeter {
  static let silenceMeanSquare: Double = 1e-5  // −50 dBFS
  static let clippingLevel: Float = 0.988_553  // −0.1 dBFS
  static let shortestRun = 3

  private let channels: Int
  private let frameLength: Int
  private var sum = 0.0
  private var filled = 0
  private var runs: [Int]
  private(set) var frames = 0
  private(set) var silentFrames = 0
  private(set) var samples = 0
  private(set) var clippedSamples = 0
  private(set) var peak: Float = 0
  private(set) var invalidSamples = 0

  init(channels: Int, sampleRate: Int) {
    self.channels = channels
    frameLength = max(1, sampleRate / 10) * channels
    runs = Array(repeating: 0, count: channels)
  }

  /// The share of 100 ms frames that are silent, 0…1.
  var silentShare: Double { frames == 0 ? 1 : Double(silentFrames) / Double(frames) }

  /// The share of samples in clipped runs, 0…1.
  var clippedShare: Double { samples == 0 ? 0 : Double(clippedSamples) / Double(samples) }

  /// Takes interleaved samples.
  mutating func add(_ interleaved: [Float]) {
    var channel = 0
    for given in interleaved {
      if !given.isFinite { invalidSamples += 1 }
      // What is no number keeps its place, or the channels would change sides behind it.
      let sample = given.isFinite ? given : 0
      let level = abs(sample)
      peak = max(peak, level)
      if level >= Self.clippingLevel {
        runs[channel] += 1
        if runs[channel] == Self.shortestRun {
          clippedSamples += Self.shortestRun
        } else if runs[channel] > Self.shortestRun {
          clippedSamples += 1
        }
      } else {
        runs[channel] = 0
      }
      channel += 1
      if channel == channels { channel = 0 }
      sum += Double(sample) * Double(sample)
      filled += 1
      if filled == frameLength {
        frames += 1
        if sum / Double(frameLength) < Self.silenceMeanSquare { silentFrames += 1 }
        sum = 0
        filled = 0
      }
    }
    samples += interleaved.count
  }
}
