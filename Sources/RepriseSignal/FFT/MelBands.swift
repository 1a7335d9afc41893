import Foundation

/// Triangular bands evenly spaced on the mel scale of O'Shaughnessy (1987), m = 2595·log10(1 + f/700).
package struct MelBands: Sendable {
  private let starts: [Int]
  private let weights: [[Float]]

  /// Number of bands.
  package var count: Int { starts.count }

  /// Creates bands over the magnitudes of a transform.
  ///
  /// - Parameters:
  ///   - count: The number of bands, 1 or more.
  ///   - lowest: The lower edge of the first band, in Hz.
  ///   - highest: The upper edge of the last band, in Hz; limited to half the sample rate.
  ///   - size: The size of the transform in samples.
  ///   - sampleRate: The sample rate, in Hz.
  package init(count: Int, lowest: Double, highest: Double, size: Int, sampleRate: Double) {
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
    let low = mel(lowest)
    let high = mel(min(highest, sampleRate / 2))
    // Edges in bins, not rounded: the narrow low bands would otherwise coincide.
    let edges = (0...(count + 1)).map { index in
      hertz(low + (high - low) * Double(index) / Double(count + 1)) * Double(size) / sampleRate
    }
    var starts: [Int] = []
    var weights: [[Float]] = []
    for band in 0..<count {
      let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
      let first = max(0, Int(left.rounded(.down)))
      let last = min(size / 2, Int(right.rounded(.up)))
      var row: [Float] = []
      for bin in first...max(first, last) {
        let position = Double(bin)
        let rise = (position - left) / max(centre - left, 1)
        let fall = (right - position) / max(right - centre, 1)
        row.append(Float(max(0, min(1, min(rise, fall)))))
      }
      // A band narrower than a bin still takes its nearest bin.
      if row.allSatisfy({ $0 == 0 }) { row[min(row.count - 1, max(0, Int(centre.rounded()) - first))] = 1 }
      starts.append(first)
      weights.append(row)
    }
    self.starts = starts
    self.weights = weights
  }

  /// Sums the magnitudes of a frame into bands.
  package func apply(to magnitudes: [Float], into bands: inout [Float]) {
    if bands.count != count { bands = Array(repeating: 0, count: count) }
    for band in 0..<count {
      var sum: Float = 0
      let start = starts[band]
      let row = weights[band]
      for offset in 0..<min(row.count, magnitudes.count - start) { sum += row[offset] * magnitudes[start + offset] }
      bands[band] = sum
    }
  }
}
