import Foundation

/// Fades of raised-cosine shape at the ends of a stretch.
struct Fade {
  /// Frames of the fade at the beginning.
  let into: Int
  /// Frames of the fade at the end.
  let out: Int
  /// Frames in all.
  let total: Int

  /// Whether nothing is faded in a stretch of frames.
  func isIdle(_ frames: Range<Int>) -> Bool {
    frames.lowerBound >= into && frames.upperBound <= total - out
  }

  /// The factor for one frame: from 0 over the cosine's half wave to 1, and back.
  func gain(at frame: Int) -> Double {
    var gain = 1.0
    if frame < into { gain *= 0.5 - 0.5 * cos(.pi * (Double(frame) + 0.5) / Double(into)) }
    let left = total - 1 - frame
    if left < out { gain *= 0.5 - 0.5 * cos(.pi * (Double(left) + 0.5) / Double(out)) }
    return gain
  }

  /// Fades interleaved floats whose first frame is `first`.
  func apply(_ samples: inout [Float], first: Int, channels: Int) {
    guard !isIdle(first..<first + samples.count / channels) else { return }
    for index in samples.indices { samples[index] *= Float(gain(at: first + index / channels)) }
  }

  /// Fades interleaved integers; those that are not faded stay as they are, bit for bit.
  func apply(_ samples: inout [Int32], first: Int, channels: Int) {
    guard !isIdle(first..<first + samples.count / channels) else { return }
    for index in samples.indices {
      let gain = gain(at: first + index / channels)
      if gain != 1 { samples[index] = Int32((Double(samples[index]) * gain).rounded(.toNearestOrEven)) }
    }
  }
}
