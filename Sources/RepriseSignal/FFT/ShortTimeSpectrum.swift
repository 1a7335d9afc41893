import Foundation

/// Magnitude spectra of a signal, frame by frame, through a Hann window.
///
/// Frame *i* is centred on sample *i*·hop; the signal is taken as silent before its beginning and after its end. The
/// window is scaled so that a sinusoid of amplitude 1 at a bin's centre has magnitude 1.
package struct ShortTimeSpectrum: ~Copyable {
  /// Length of the window in samples.
  package let window: Int
  /// Number of samples from frame to frame.
  package let hop: Int

  private var fft: RealFFT
  private let weights: [Float]

  /// Creates a transform with a window of `window` samples (even) every `hop` samples.
  package init(window: Int, hop: Int) {
    precondition(hop > 0)
    self.window = window
    self.hop = hop
    fft = RealFFT(size: window)
    let scale = 4 / Double(window)
    weights = (0..<window).map { Float(scale * (0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window)))) }
  }

  /// Number of bins in a frame.
  package var bins: Int { fft.bins }

  /// Returns the number of frames of a signal of `samples` samples.
  package func frames(in samples: Int) -> Int { samples == 0 ? 0 : (samples - 1) / hop + 1 }

  /// Calls `body` with the index and the magnitudes of every frame of a signal, in order.
  package mutating func forEachFrame(
    of signal: [Float], _ body: (_ frame: Int, _ magnitudes: [Float]) throws -> Void
  ) rethrows {
    var samples = [Float](repeating: 0, count: window)
    var magnitudes = [Float](repeating: 0, count: bins)
    for frame in 0..<frames(in: signal.count) {
      let start = frame * hop - window / 2
      for index in 0..<window {
        let position = start + index
        samples[index] = position >= 0 && position < signal.count ? signal[position] * weights[index] : 0
      }
      fft.magnitudes(of: samples, into: &magnitudes)
      try body(frame, magnitudes)
    }
  }
}
