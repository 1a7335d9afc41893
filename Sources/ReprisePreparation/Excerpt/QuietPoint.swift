import Foundation

/// A region of a recording in which a cut is to be made without cutting through a note.
struct QuietPoint {
  /// Frame indices in which the cut may lie.
  let region: Range<Int>
  private let step: Int
  private var magnitudes: [Float] = []
  private var squares: [Float] = []

  /// Creates a region.
  ///
  /// - Parameters:
  ///   - region: The frame indices of the region.
  ///   - rate: The sample rate in Hz.
  init(region: Range<Int>, rate: Int) {
    self.region = region
    step = max(rate / 200, 1)
  }

  /// Adds those interleaved samples that lie in the region; `first` is the index of their first frame.
  mutating func add(_ samples: [Float], channels: Int, from first: Int) {
    let frames = first..<first + samples.count / channels
    for frame in region.clamped(to: frames) {
      var sum: Float = 0
      var square: Float = 0
      for channel in 0..<channels {
        let sample = samples[(frame - first) * channels + channel]
        sum += abs(sample)
        square += sample * sample
      }
      magnitudes.append(sum)
      squares.append(square.isFinite ? square : 0)
    }
  }

  /// Returns the best frame for a cut; `nil` if the region was not read.
  ///
  /// A good frame is quiet, is followed immediately by the onset of a note, and is close to the wanted frame; among its
  /// neighbours the sample closest to zero is chosen.
  func find(near wanted: Int, in range: Range<Int>) -> Int? {
    let steps = squares.count / step
    let allowed = range.clamped(to: region.lowerBound..<region.lowerBound + squares.count)
    guard steps > 4, !allowed.isEmpty else { return nil }
    let levels = (0..<steps).map { index -> Double in
      var sum: Float = 0
      for offset in index * step..<(index + 1) * step { sum += squares[offset] }
      return 10 * log10(Double(sum) / Double(step) + 1e-10)
    }
    func mean(_ low: Int, _ high: Int) -> Double {
      let slice = levels[max(low, 0)..<max(min(high, steps), max(low, 0) + 1)]
      return slice.reduce(0, +) / Double(slice.count)
    }
    var best: (frame: Int, cost: Double)?
    for index in 0..<steps {
      let frame = region.lowerBound + index * step
      guard allowed.contains(frame) else { continue }
      // Levels in dB: of the surrounding 20 ms, and the rise from the preceding 50 ms to the following 100 ms.
      let rise = min(max(mean(index, index + 20) - mean(index - 10, index), 0), 20)
      let distance = Double(abs(frame - wanted)) / Double(max(region.count / 2, 1))
      let cost = mean(index - 2, index + 2) - 0.5 * rise + 3 * distance
      if best == nil || cost < best?.cost ?? 0 { best = (frame, cost) }
    }
    guard let best else { return nil }
    let near = allowed.clamped(to: best.frame - step..<best.frame + step + 1)
    return near.min { magnitudes[$0 - region.lowerBound] < magnitudes[$1 - region.lowerBound] } ?? best.frame
  }
}
