/// What is worth knowing of the samples themselves, gathered in passing.
struct SignalStatistics {
  /// Frames seen.
  private(set) var frames = 0
  /// The largest finite magnitude.
  private(set) var peak: Float = 0
  /// Samples that are NaN or infinite.
  private(set) var invalid = 0
  /// The frame of the first such sample.
  private(set) var firstInvalidFrame: Int?
  /// Samples that stand in runs of three or more at full scale.
  private(set) var clipped = 0

  /// Samples a frame.
  let channels: Int
  private var run: [Int]

  /// The highest value a 16-bit sample reaches, which is taken for full scale at any width.
  private static let fullScale: Float = 32767 / 32768

  init(channels: Int) {
    self.channels = channels
    run = Array(repeating: 0, count: channels)
  }

  /// Takes in whole frames of interleaved samples.
  mutating func add(_ samples: [Float]) {
    var channel = 0
    for (index, sample) in samples.enumerated() {
      let magnitude = abs(sample)
      if magnitude.isFinite {
        if magnitude > peak { peak = magnitude }
      } else {
        invalid += 1
        if firstInvalidFrame == nil { firstInvalidFrame = frames + index / channels }
      }
      if magnitude >= SignalStatistics.fullScale {
        run[channel] += 1
        // The third makes a run of the two before it as well.
        if run[channel] == 3 { clipped += 3 } else if run[channel] > 3 { clipped += 1 }
      } else {
        run[channel] = 0
      }
      channel += 1
      if channel == channels { channel = 0 }
    }
    frames += samples.count / channels
  }

  /// Whether nothing is louder than −80 dBFS.
  var isSilent: Bool { peak < 0.0001 }

  /// The share of samples that stand in runs at full scale.
  var clippedShare: Double { frames == 0 ? 0 : Double(clipped) / Double(frames * channels) }
}
