import Foundation
import RepriseSystem

/// A constant-Q transform (Brown 1991; Schörkhuber and Klapuri 2010): magnitudes of bins evenly spaced in pitch, each
/// from a window that holds the same number of periods.
///
/// Octave after octave is taken from the signal decimated by two once more, so that one set of kernels serves all of
/// them. Window lengths and scaling are those of librosa's `cqt` (0.10): Hann windows of Q periods, a sinusoid's
/// magnitude in proportion to the square root of the window's length.
struct ConstantQ: Sendable {
  /// Number of bins in an octave.
  static let binsPerOctave = 36
  /// Number of octaves, from C1 on.
  static let octaves = 7
  /// Number of samples from frame to frame: 93 ms.
  static let hop = 2048
  /// Number of frames per second.
  static let rate = Hearing.sampleRate / Double(hop)
  /// Number of bins in a frame.
  static let bins = binsPerOctave * octaves

  /// Number of frames; frame *i* is centred on sample *i*·hop.
  let frames: Int
  /// Magnitudes, `bins` per frame, the lowest bin first.
  let magnitudes: [Float]

  /// Frequency of the lowest bin in a recording that is in tune: C1.
  private static let lowest = 440 * pow(2, -45.0 / 12)
  // Frames that are transformed together.
  private static let batch = 64

  /// Transforms a signal.
  ///
  /// - Parameters:
  ///   - signal: Samples at `Hearing.sampleRate`.
  ///   - tuning: Deviation of the tuning in semitones, by which all bins are moved.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(of signal: [Float], tuning: Double, cancellation: Cancellation) throws {
    let frames = signal.isEmpty ? 0 : (signal.count - 1) / Self.hop + 1
    var magnitudes = [Float](repeating: 0, count: frames * Self.bins)
    let kernels = Kernels(lowest: Self.lowest * pow(2, tuning / 12) * pow(2, Double(Self.octaves - 1)))
    var level = signal
    for down in 0..<Self.octaves {
      if down > 0 { level = Self.decimated(level) }
      let hop = Self.hop >> down
      // As the window's length counts in samples of the original rate.
      let scale = pow(2, Float(down) / 2)
      let first = (Self.octaves - 1 - down) * Self.binsPerOctave
      for start in stride(from: 0, to: frames, by: Self.batch) {
        try cancellation.check()
        let rows = min(Self.batch, frames - start)
        kernels.forEachMagnitude(of: level, at: start * hop, hop: hop, rows: rows) { row, bin, magnitude in
          magnitudes[(start + row) * Self.bins + first + bin] = magnitude * scale
        }
      }
    }
    self.frames = frames
    self.magnitudes = magnitudes
  }

  // Every other sample of the signal below a quarter of its rate; what is not within an octave of the edges is
  // attenuated by 90 dB or kept within 0.001 dB.
  private static func decimated(_ signal: [Float]) -> [Float] {
    let reach = halfBand.count
    let count = (signal.count + 1) / 2
    var padded = [Float](repeating: 0, count: 2 * reach)
    padded += signal
    padded += [Float](repeating: 0, count: 2 * reach + 1)
    var result = [Float](repeating: 0, count: count)
    for index in 0..<count { result[index] = 0.5 * padded[2 * index + 2 * reach] }
    for (tap, weight) in halfBand.enumerated() {
      let distance = 2 * tap + 1
      for index in 0..<count {
        let centre = 2 * index + 2 * reach
        result[index] += weight * (padded[centre - distance] + padded[centre + distance])
      }
    }
    return result
  }

  // The odd taps of one side of a half-band filter: a sinc through a Kaiser window of β = 9; the even ones are 0.
  private static let halfBand: [Float] = {
    func bessel(_ x: Double) -> Double {
      var sum = 1.0
      var term = 1.0
      for k in 1...30 {
        term *= (x / 2 / Double(k)) * (x / 2 / Double(k))
        sum += term
      }
      return sum
    }
    let taps = 7
    let sides = (0..<taps).map { tap -> Double in
      let n = Double(2 * tap + 1)
      let place = n / Double(2 * taps)
      return sin(Double.pi * n / 2) / (Double.pi * n) * bessel(9 * (1 - place * place).squareRoot()) / bessel(9)
    }
    // Exactly 1 at 0 Hz.
    let sum = 2 * sides.reduce(0, +)
    return sides.map { Float($0 * 0.5 / sum) }
  }()

  /// The windowed sinusoids of one octave. A window is symmetric, so that a frame is folded about its centre: the
  /// cosines see the even part, the sines the odd one.
  private struct Kernels {
    let half: Int
    let cosines: PackedMatrix
    let sines: PackedMatrix

    /// Creates the kernels of the octave that begins at a frequency in Hz.
    init(lowest: Double) {
      // The bandwidth that librosa gives a bin between two neighbours.
      let step = pow(2, 2 / Double(binsPerOctave))
      let periods = (step + 1) / (step - 1)
      let half = Int((periods * Hearing.sampleRate / lowest / 2).rounded(.up))
      var cosines = [Float](repeating: 0, count: half * binsPerOctave)
      var sines = cosines
      for bin in 0..<binsPerOctave {
        let frequency = lowest * pow(2, Double(bin) / Double(binsPerOctave))
        let length = periods * Hearing.sampleRate / frequency
        let window = (0..<half).map { offset in
          Double(offset) < length / 2 ? 0.5 + 0.5 * cos(2 * Double.pi * Double(offset) / length) : 0
        }
        let scale = length.squareRoot() / (2 * window.reduce(0, +) - 1)
        for (offset, weight) in window.enumerated() {
          let phase = 2 * Double.pi * frequency * Double(offset) / Hearing.sampleRate
          // The even part counts the centre twice.
          cosines[offset * binsPerOctave + bin] = Float(scale * weight * cos(phase) * (offset == 0 ? 0.5 : 1))
          sines[offset * binsPerOctave + bin] = Float(scale * weight * sin(phase))
        }
      }
      self.half = half
      self.cosines = PackedMatrix(cosines, inputs: half, outputs: binsPerOctave)
      self.sines = PackedMatrix(sines, inputs: half, outputs: binsPerOctave)
    }

    /// Calls `body` with the magnitudes of frames `hop` apart, the first at sample `first`.
    func forEachMagnitude(
      of signal: [Float], at first: Int, hop: Int, rows: Int, _ body: (_ row: Int, _ bin: Int, Float) -> Void
    ) {
      var even = [Float](repeating: 0, count: rows * half)
      var odd = even
      for row in 0..<rows {
        let centre = first + row * hop
        for offset in 0..<half {
          let after = centre + offset < signal.count ? signal[centre + offset] : 0
          let before = centre >= offset && centre - offset < signal.count ? signal[centre - offset] : 0
          even[row * half + offset] = after + before
          odd[row * half + offset] = after - before
        }
      }
      var real = [Float](repeating: 0, count: rows * binsPerOctave)
      var imaginary = real
      cosines.addProduct(of: even, rows: rows, to: &real)
      sines.addProduct(of: odd, rows: rows, to: &imaginary)
      for row in 0..<rows {
        for bin in 0..<binsPerOctave {
          let (x, y) = (real[row * binsPerOctave + bin], imaginary[row * binsPerOctave + bin])
          body(row, bin, (x * x + y * y).squareRoot())
        }
      }
    }
  }
}
