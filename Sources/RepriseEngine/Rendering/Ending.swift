import Foundation

/// The end of a cover.
enum Ending {
  /// Fades interleaved stereo out over its last 1.2 s (a tenth of it if it is shorter than 12 s), along a raised
  /// cosine.
  static func fade(_ samples: inout [Float], sampleRate: Int) {
    let frames = samples.count / 2
    let length = min(frames / 10, Int(1.2 * Double(sampleRate)))
    for index in 0..<length {
      let gain = Float(0.5 - 0.5 * cos(Double.pi * Double(index) / Double(length)))
      let frame = frames - 1 - index
      samples[frame * 2] *= gain
      samples[frame * 2 + 1] *= gain
    }
  }
}
