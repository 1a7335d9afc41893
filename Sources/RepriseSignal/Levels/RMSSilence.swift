/// Windows whose mean square, over all channels together, stays under a threshold.
package struct RMSSilence: Sendable {
  /// −50 dBFS, as a mean square: music's own pauses are louder, a service's gaps are not.
  package static let quiet = 1e-5

  /// Samples of a window, those of all channels together.
  package let window: Int
  /// The mean square from which on a window is heard.
  package let threshold: Double
  /// Whole windows that were seen.
  package private(set) var windows = 0
  /// Those of them that are silent.
  package private(set) var silentWindows = 0

  private var sum = 0.0
  private var filled = 0

  /// No samples yet.
  ///
  /// - Parameters:
  ///   - window: Samples of a window, those of all channels together, 1 or more.
  ///   - threshold: The mean square from which on a window is heard; 1 is that of a square wave at full scale.
  package init(window: Int, threshold: Double) {
    self.window = window
    self.threshold = threshold
  }

  /// The share of silent windows, 0…1; 1 where there is none.
  package var share: Double { windows == 0 ? 1 : Double(silentWindows) / Double(windows) }

  /// Takes interleaved samples.
  package mutating func add(_ samples: Span<Float>) {
    for index in samples.indices {
      let sample = Double(samples[index])
      sum += sample * sample
      filled += 1
      if filled == window {
        windows += 1
        if sum / Double(window) < threshold { silentWindows += 1 }
        sum = 0
        filled = 0
      }
    }
  }
}
