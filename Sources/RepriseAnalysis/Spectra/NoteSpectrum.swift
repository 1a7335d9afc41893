import Foundation
import RepriseSystem
import RepriseSignal

/// Activation of each note of the piano's range, frame by frame.
///
/// A log-frequency spectrum is decomposed into a non-negative sum of harmonic note templates (NNLS chroma; Mauch and
/// Dixon, ISMIR 2010).
struct NoteSpectrum: Sendable {
  static let window = 8192
  static let hop = 1024
  /// Range of notes with a template, as MIDI note numbers.
  static let notes = 24...96

  /// Note activations, `notes.count` per frame.
  let frames: [[Float]]

  private static let binsPerSemitone = 3
  private static let lowest = 21
  private static let bins = (112 - lowest) * binsPerSemitone
  private static let harmonics = 12
  private static let decay: Float = 0.7

  /// Computes the note spectrum of a signal.
  ///
  /// - Parameters:
  ///   - signal: Samples at `Hearing.sampleRate`.
  ///   - tuning: Deviation of the tuning in semitones, as `Tuning.estimate` returns it.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(of signal: [Float], tuning: Double, cancellation: Cancellation) throws {
    let mapping = LogFrequencyBands(
      lowest: Double(Self.lowest) + tuning, binsPerSemitone: Self.binsPerSemitone, count: Self.bins,
      size: Self.window, sampleRate: Hearing.sampleRate)
    var explain = NonNegativeLeastSquares(templates: Self.templates())
    var transform = ShortTimeSpectrum(window: Self.window, hop: Self.hop)
    var frames: [[Float]] = []
    var bands: [Float] = []
    try transform.forEachFrame(of: signal) { frame, magnitudes in
      if frame.isMultiple(of: 64) { try cancellation.check() }
      mapping.apply(to: magnitudes, into: &bands)
      frames.append(explain.solve(Self.whitened(bands)))
    }
    self.frames = frames
  }

  // Each note's harmonics fall off geometrically; each harmonic spreads over its bin and, half as strong, the next
  // ones.
  private static func templates() -> [[Float]] {
    notes.map { note in
      var row = [Float](repeating: 0, count: bins)
      for harmonic in 1...harmonics {
        let position = (Double(note - lowest) + 12 * log2(Double(harmonic))) * Double(binsPerSemitone)
        let amplitude = powf(decay, Float(harmonic - 1))
        let first = Int(position.rounded(.down)) - 1
        for bin in first...(first + 3) where bin >= 0 && bin < bins {
          row[bin] += amplitude * Float(max(0, 1 - abs(Double(bin) - position) / 2))
        }
      }
      let norm = row.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / max(norm, 1e-9) }
    }
  }

  // Subtracts the mean over an octave and divides by the standard deviation there: gives a quiet high note the weight
  // of a loud low one, and removes broadband noise.
  private static func whitened(_ bands: [Float]) -> [Float] {
    let reach = 6 * binsPerSemitone
    var sums = [Float](repeating: 0, count: bands.count + 1)
    var squares = sums
    for index in bands.indices {
      sums[index + 1] = sums[index] + bands[index]
      squares[index + 1] = squares[index] + bands[index] * bands[index]
    }
    let floor = (bands.max() ?? 0) * 1e-3 + 1e-9
    return bands.indices.map { index in
      let from = max(0, index - reach)
      let to = min(bands.count, index + reach + 1)
      let width = Float(to - from)
      let mean = (sums[to] - sums[from]) / width
      let variance = max(0, (squares[to] - squares[from]) / width - mean * mean)
      return max(0, bands[index] - mean) / (variance.squareRoot() + floor)
    }
  }
}

/// Sums a transform's magnitudes into bands evenly spaced in pitch.
struct LogFrequencyBands: Sendable {
  private let starts: [Int]
  private let weights: [[Float]]

  /// Creates the bands.
  ///
  /// - Parameters:
  ///   - lowest: Centre of the first band as a MIDI pitch, which need not be an integer.
  ///   - binsPerSemitone: Number of bands per semitone.
  ///   - count: Number of bands.
  ///   - size: Length of the transform, in samples.
  ///   - sampleRate: Sample rate, in Hz.
  init(lowest: Double, binsPerSemitone: Int, count: Int, size: Int, sampleRate: Double) {
    var starts: [Int] = []
    var weights: [[Float]] = []
    func bin(_ band: Double) -> Double {
      440 * pow(2, (lowest + band / Double(binsPerSemitone) - 69) / 12) * Double(size) / sampleRate
    }
    for band in 0..<count {
      let centre = bin(Double(band))
      // Low bands are narrower than a bin: take from both neighbours there.
      let reach = max(1.0, bin(Double(band) + 1) - centre)
      let first = max(0, Int((centre - reach).rounded(.up)))
      let last = min(size / 2, Int((centre + reach).rounded(.down)))
      starts.append(first)
      weights.append(first <= last ? (first...last).map { Float(1 - abs(Double($0) - centre) / reach) } : [])
    }
    self.starts = starts
    self.weights = weights
  }

  func apply(to magnitudes: [Float], into bands: inout [Float]) {
    if bands.count != starts.count { bands = Array(repeating: 0, count: starts.count) }
    for band in starts.indices {
      let row = weights[band]
      let start = starts[band]
      var sum: Float = 0
      for offset in row.indices { sum += row[offset] * magnitudes[start + offset] }
      bands[band] = sum
    }
  }
}
