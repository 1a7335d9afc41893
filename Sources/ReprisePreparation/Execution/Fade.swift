import Foundation

/// Raised-cosine fades at the ends of a stretch.
struct Fade {
  /// Number of frames of the fade-in.
  let into: Int
  /// Number of frames of the fade-out.
  let out: Int
  /// Total number of frames of the stretch.
  let total: Int

  /// Returns `true` if no frame of a range is faded.
  func isIdle(_ frames: Range<Int>) -> Bool {
    frames.lowerBound >= into && frames.upperBound <= total - out
  }

  /// Returns the gain of one frame: from 0 along half a cosine period to 1, and back.
  func gain(at frame: Int) -> Double {
    var gain = 1.0
    if frame < into { gain *= 0.5 - 0.5 * cos(.pi * (Double(frame) + 0.5) / Double(into)) }
    let left = total - 1 - frame
    if left < out { gain *= 0.5 - 0.5 * cos(.pi * (Double(left) + 0.5) / Double(out)) }
    return gain
  }

  /// Fades interleaved floats; `first` is the index of their first frame.
  func apply(_ samples: inout [Float], first: Int, channels: Int) {
    guard !isIdle(first..<first + samples.count / channels) else { return }
    for index in samples.indices { samples[index] *= Float(gain(at: first + index / channels)) }
  }

  /// Fades interleaved integers; samples outside of the fades remain bit-exact.
  func apply(_ samples: inout [Int32], first: Int, channels: Int) {
    guard !isIdle(first..<first + samples.count / channels) else { return }
    for index in samples.indices {
      let gain = gain(at: first + index / channels)
      if gain != 1 { samples[index] = Int32((Double(samples[index]) * gain).rounded(.toNearestOrEven)) }
    }
  }
}
