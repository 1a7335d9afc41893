/// A detector of windows whose mean square, over all channels, is below a threshold.
package struct RMSSilence: Sendable {
  /// Threshold of −50 dBFS, as a mean square: the pauses of music are louder, the gaps of a service are not.
  package static let quiet = 1e-5

  /// Number of samples in a window, over all channels.
  package let window: Int
  /// Smallest mean square of a window that is not silent.
  package let threshold: Double
  /// Number of complete windows.
  package private(set) var windows = 0
  /// Number of complete windows that are silent.
  package private(set) var silentWindows = 0

  private var sum = 0.0
  private var filled = 0

  /// Creates a detector without samples.
  ///
  /// - Parameters:
  ///   - window: The number of samples in a window, over all channels, 1 or more.
  ///   - threshold: The smallest mean square of a window that is not silent; a square wave at full scale has 1.
  package init(window: Int, threshold: Double) {
    self.window = window
    self.threshold = threshold
  }

  /// Fraction of windows that are silent, 0…1; 1 if there is no window.
  package var share: Double { windows == 0 ? 1 : Double(silentWindows) / Double(windows) }

  /// Adds interleaved samples.
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
