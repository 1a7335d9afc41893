import Foundation
import RepriseSignal
import RepriseSystem

/// The spectrum that BeatNet hears: bands of a 24th of an octave, logarithmic, and how much each has risen.
///
/// As BeatNet 1.1.3 has it from madmom: Hann windows of 64 ms, 50 of them a second; triangular bands between the bins
/// nearest to 440 Hz · 2^(i/24) from 30 Hz up, each of sum 1; log10(1 + magnitude).
package struct BeatFeatures: Sendable {
  /// Number of samples from frame to frame.
  package static let hop = 441
  /// Frames per second.
  package static let rate = Hearing.sampleRate / Double(hop)
  /// Length of the window in samples.
  static let window = 1411
  /// Number of bands.
  package static let bands = 136
  /// Number of values of a frame: the bands, and then their rises.
  package static let count = 2 * bands

  private let signal: [Float]
  private let filters: [(start: Int, weights: [Float])]
  private let weights: [Float]

  /// Creates the features of a signal at `Hearing.sampleRate`.
  package init(of signal: [Float]) {
    self.signal = signal
    filters = Self.filters()
    weights = (0..<Self.window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.window - 1))) }
  }

  /// Number of frames.
  package var frames: Int { (signal.count + Self.hop - 1) / Self.hop }

  /// Calls `body` with rows of features, at most `most` of them (an even number) at a time, in order.
  package func forEachBlock(of most: Int, _ body: (_ rows: [Float]) throws -> Void) rethrows {
    var transform = PairedSpectrum(size: Self.window)
    var (one, other) = ([Float](repeating: 0, count: Self.window), [Float](repeating: 0, count: Self.window))
    var (first, second): ([Float], [Float]) = ([], [])
    var last: [Float] = []
    var rows: [Float] = []
    rows.reserveCapacity(most * Self.count)
    for frame in stride(from: 0, to: frames, by: 2) {
      fill(&one, frame: frame)
      fill(&other, frame: frame + 1)
      transform.magnitudes(of: one, other, into: &first, &second)
      append(first, to: &rows, &last)
      if frame + 1 < frames { append(second, to: &rows, &last) }
      if rows.count >= most * Self.count {
        try body(rows)
        rows.removeAll(keepingCapacity: true)
      }
    }
    if !rows.isEmpty { try body(rows) }
  }

  private func fill(_ samples: inout [Float], frame: Int) {
    let start = frame * Self.hop - Self.window / 2
    for index in 0..<Self.window {
      let position = start + index
      samples[index] = position >= 0 && position < signal.count ? signal[position] * weights[index] : 0
    }
  }

  private func append(_ magnitudes: [Float], to rows: inout [Float], _ last: inout [Float]) {
    let levels = filters.map { filter in
      var sum: Float = 0
      for (index, weight) in filter.weights.enumerated() { sum += weight * magnitudes[filter.start + index] }
      return log10(1 + sum)
    }
    rows += levels
    // Nothing precedes the first frame.
    for band in levels.indices { rows.append(last.isEmpty ? 0 : max(0, levels[band] - last[band])) }
    last = levels
  }

  private static func filters() -> [(start: Int, weights: [Float])] {
    let bins = window / 2
    // madmom takes the bins as those of a transform of an even size.
    let width = Hearing.sampleRate / Double(2 * bins)
    var edges: [Int] = []
    // 30 Hz … 17 kHz is −92.99 … 126.5 steps from 440 Hz.
    for step in -92...126 {
      let frequency = 440 * pow(2, Double(step) / 24)
      let above = max(1, min(bins - 1, Int((frequency / width).rounded(.up))))
      let isBelow = frequency - Double(above - 1) * width < Double(above) * width - frequency
      let bin = isBelow ? above - 1 : above
      if edges.last.map({ $0 < bin }) ?? true { edges.append(bin) }
    }
    return (0..<max(0, edges.count - 2)).map { index in
      let (start, centre, end) = (edges[index], edges[index + 1], edges[index + 2])
      guard end - start >= 2 else { return (start, [1]) }
      let weights = (start..<end).map { bin in
        bin < centre
          ? Float(bin - start) / Float(centre - start) : Float(end - bin) / Float(end - centre)
      }
      let sum = weights.reduce(0, +)
      return (start, weights.map { $0 / sum })
    }
  }
}
