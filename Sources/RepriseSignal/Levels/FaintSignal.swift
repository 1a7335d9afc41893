import Foundation

/// The facts that tell a faint recording from silence.
///
/// A recording whose peak stays under −80 dBFS is *silent* if one of these holds, and only *faint* otherwise:
///
/// - Its peak is under −120 dBFS, which no converter resolves.
/// - Its peak is less than five times its smallest sample other than 0: dither, an offset, or a tone of a few steps, as
///   in every recording of 16 bits under −80 dBFS.
/// - It is steady noise: its loudest window of 2048 frames is less than 10 dB over its quietest one that is not 0, and
///   its spectrum is flat (a ratio of the geometric to the arithmetic mean over 0.25; white noise has 0.56, tones less
///   than 0.05).
package struct FaintSignal: Sendable {
  /// Peak of −80 dBFS, from which on a recording is neither silent nor faint.
  package static let audible: Float = 0.0001
  /// Peak of −120 dBFS, under which a recording is silent.
  package static let resolved: Float = 0.000_001
  /// Ratio of the peak to the smallest sample other than 0, under which a recording is silent.
  private static let fewestSteps: Float = 5
  /// Ratio of the mean squares of the loudest and the quietest window from which on a recording is not steady: 10 dB.
  private static let steady = 10.0
  /// Spectral flatness from which on a window is noise.
  private static let noise = 0.25
  /// Number of frames in a window.
  private static let window = 2048

  private let channels: Int
  private var peak: Float = 0
  private var smallest = Float.infinity
  private var pending: [Float] = []
  private var loudest = 0.0
  private var quietest = Double.infinity
  /// Channel of most power in the loudest window.
  private var loudestWindow: [Float] = []

  /// Creates facts about no samples.
  ///
  /// - Parameter channels: The number of channels, 1 or more.
  package init(channels: Int) { self.channels = channels }

  /// Adds whole frames; nothing is gathered any more once the peak has reached −80 dBFS.
  ///
  /// - Parameters:
  ///   - block: The frames, interleaved.
  ///   - largest: The largest magnitude among the samples.
  package mutating func add(_ block: Span<Float>, largest: Float) {
    guard peak < FaintSignal.audible else { return }
    peak = max(peak, largest)
    guard peak < FaintSignal.audible else {
      pending = []
      loudestWindow = []
      return
    }
    guard largest > 0 else {
      // Digital silence is no window of noise.
      pending.removeAll(keepingCapacity: true)
      return
    }
    for index in block.indices {
      let magnitude = abs(block[index])
      if magnitude > 0, magnitude < smallest { smallest = magnitude }
      pending.append(block[index])
      if pending.count == FaintSignal.window * channels { close() }
    }
  }

  /// `true` if nothing but silence was added.
  package var isSilent: Bool {
    guard peak < FaintSignal.audible else { return false }
    if peak < FaintSignal.resolved || peak < FaintSignal.fewestSteps * smallest { return true }
    var whole = self
    if whole.loudestWindow.isEmpty { whole.close() }
    guard whole.loudest < FaintSignal.steady * whole.quietest else { return false }
    return FaintSignal.flatness(whole.loudestWindow) > FaintSignal.noise
  }

  private mutating func close() {
    let frames = pending.count / channels
    guard frames > 0 else { return }
    var power = 0.0
    var most = 0
    for channel in 0..<channels {
      var (sum, square) = (0.0, 0.0)
      for frame in 0..<frames {
        let sample = Double(pending[frame * channels + channel])
        sum += sample
        square += sample * sample
      }
      let mean = sum / Double(frames)
      let variance = square / Double(frames) - mean * mean
      if variance > power { (power, most) = (variance, channel) }
    }
    if power > 0, power < quietest { quietest = power }
    if power > loudest {
      loudest = power
      loudestWindow = (0..<frames).map { pending[$0 * channels + most] }
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Returns the ratio of the geometric to the arithmetic mean of a power spectrum, without its lowest bins.
  private static func flatness(_ samples: [Float]) -> Double {
    let size = samples.count / 2 * 2
    guard size >= 64 else { return 1 }
    // Scaled, as the squares of faint samples are too small for floats.
    let scale = samples.reduce(0) { max($0, abs($1)) }
    guard scale > 0 else { return 1 }
    let shaped = (0..<size).map { index in
      samples[index] / scale * Float(0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(size)))
    }
    var transform = RealFFT(size: size)
    var magnitudes: [Float] = []
    transform.magnitudes(of: shaped, into: &magnitudes)
    let powers = magnitudes.dropFirst(3).dropLast(1).map { max(Double($0) * Double($0), 1e-30) }
    let mean = powers.reduce(0, +) / Double(powers.count)
    let logarithm = powers.reduce(0) { $0 + log($1) } / Double(powers.count)
    return exp(logarithm) / mean
  }
}
