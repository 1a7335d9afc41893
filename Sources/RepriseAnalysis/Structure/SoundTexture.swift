import Foundation
import RepriseSignal

/// Short-time level and spectral shape of a recording, frame by frame.
struct SoundTexture: Sendable {
  static let window = 2048
  static let hop = 512
  static let bands = 40
  /// Frames per second.
  static let rate = Hearing.sampleRate / Double(hop)

  /// Logarithms of the mel bands, `bands` per frame, frame after frame.
  private(set) var mel: [Float] = []
  /// Sum of the squared magnitudes of each frame.
  private(set) var power: [Float] = []
  /// Ratio of the geometric to the arithmetic mean of each frame's power spectrum, 0…1: 1 is white noise.
  private(set) var flatness: [Float] = []
  /// Number of frames; frame *i* is centred on sample *i*·hop.
  var frames: Int { power.count }

  private let filter = MelBands(
    count: bands, lowest: 30, highest: 10_000, size: window, sampleRate: Hearing.sampleRate)
  private var row: [Float] = []
  // Up to 8 kHz: above it lossy codecs leave nothing.
  private static let top = Int(8000 * Double(window) / Hearing.sampleRate)

  /// Adds a frame: its magnitudes through a window of `window` samples at `Hearing.sampleRate`.
  mutating func append(_ magnitudes: [Float]) {
    filter.apply(to: magnitudes, into: &row)
    for band in row { mel.append(log10(1 + 1000 * band)) }
    var sum: Float = 0
    for magnitude in magnitudes { sum += magnitude * magnitude }
    power.append(sum)
    flatness.append(Self.flatness(of: magnitudes, to: Self.top))
  }

  // Over products of eight bins' powers, so that one logarithm serves them all; 1e-4 in amplitude is the floor.
  private static func flatness(of magnitudes: [Float], to top: Int) -> Float {
    let floor: Float = 1e-8
    var logarithms = 0.0
    var sum: Float = 0
    var bin = 1
    while bin + 8 <= top {
      var product: Double = 1
      for offset in 0..<8 {
        let power = magnitudes[bin + offset] * magnitudes[bin + offset] + floor
        product *= Double(power)
        sum += power
      }
      logarithms += log(product)
      bin += 8
    }
    let count = Double(bin - 1)
    return Float(exp(logarithms / count) / (Double(sum) / count))
  }

  /// Returns the means of the mel bands between times in seconds, `bands` per interval.
  func means(between edges: [Double]) -> [Float] {
    var result = [Float](repeating: 0, count: max(0, edges.count - 1) * Self.bands)
    guard frames > 0 else { return result }
    for interval in 0..<max(0, edges.count - 1) {
      let first = min(frames - 1, max(0, Int((edges[interval] * Self.rate).rounded(.up))))
      let last = max(first, min(frames - 1, Int(edges[interval + 1] * Self.rate)))
      for frame in first...last {
        for band in 0..<Self.bands { result[interval * Self.bands + band] += mel[frame * Self.bands + band] }
      }
      let share = 1 / Float(last - first + 1)
      for band in 0..<Self.bands { result[interval * Self.bands + band] *= share }
    }
    return result
  }

  /// Returns the mean power between two times in seconds, in dB.
  func level(from start: Double, to end: Double) -> Double {
    guard frames > 0 else { return -120 }
    let first = min(frames - 1, max(0, Int(start * Self.rate)))
    let last = max(first, min(frames - 1, Int(end * Self.rate)))
    let sum = power[first...last].reduce(0.0) { $0 + Double($1) }
    return 10 * log10(max(1e-12, sum / Double(last - first + 1)))
  }
}
