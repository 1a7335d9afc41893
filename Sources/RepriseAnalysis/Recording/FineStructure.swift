import Foundation

/// The details of a sound over time: what stands out of its surroundings in pitch and time, in bands of a semitone.
///
/// Of every level in dB the mean of its surroundings is subtracted, over half a second in time and over half an octave
/// in pitch. So neither the volume nor an equaliser changes much of it, while another performance of the same notes
/// changes most of it.
package struct FineStructure: Sendable, Equatable {
  /// Number of samples at `Hearing.sampleRate` from frame to frame.
  static let hop = 512
  /// Frames per second; frame *i* is centred on *i* / `rate` seconds.
  package static let rate = Hearing.sampleRate / Double(hop)
  /// Number of bands: five octaves from G3 (196 Hz) on.
  package static let bands = 60

  /// `bands` values a frame, frame after frame.
  package let values: [Float]

  /// Number of frames.
  package var frames: Int { values.count / Self.bands }

  /// Creates a structure of finished values.
  package init(values: [Float]) {
    precondition(values.count.isMultiple(of: Self.bands))
    self.values = values
  }

  /// Number of samples of the window through which the frames are taken.
  static let window = 2048
  private static let lowest = 55.0
  // In dB under the loudest level: below it there is only noise of codecs.
  private static let range: Float = 60
  private static let reachInTime = 11
  private static let reachInPitch = 3

  /// Levels in dB that are gathered frame by frame.
  struct Levels {
    fileprivate var values: [Float] = []
    private let mapping = LogFrequencyBands(
      lowest: lowest, binsPerSemitone: 1, count: bands, size: window, sampleRate: Hearing.sampleRate)
    private var row: [Float] = []

    /// Adds a frame: its magnitudes through a window of `window` samples at `Hearing.sampleRate`.
    mutating func append(_ magnitudes: [Float]) {
      mapping.apply(to: magnitudes, into: &row)
      for value in row { values.append(20 * log10f(max(value, 1e-6))) }
    }
  }

  /// Finds the structure of the levels of a signal.
  init(_ gathered: Levels) {
    var levels = gathered.values
    // The floor is a band's own: an equaliser moves both.
    let frames = levels.count / Self.bands
    for band in 0..<Self.bands {
      var top: Float = -120
      for frame in 0..<frames { top = max(top, levels[frame * Self.bands + band]) }
      for frame in 0..<frames {
        let index = frame * Self.bands + band
        levels[index] = max(levels[index], top - Self.range)
      }
    }
    Self.subtractMeans(&levels, frames: frames)
    values = levels
  }

  private static func subtractMeans(_ levels: inout [Float], frames: Int) {
    var sums = [Float](repeating: 0, count: max(frames, bands) + 1)
    for band in 0..<bands {
      for frame in 0..<frames { sums[frame + 1] = sums[frame] + levels[frame * bands + band] }
      for frame in 0..<frames {
        let (from, to) = (max(0, frame - reachInTime), min(frames, frame + reachInTime + 1))
        levels[frame * bands + band] -= (sums[to] - sums[from]) / Float(to - from)
      }
    }
    for frame in 0..<frames {
      for band in 0..<bands { sums[band + 1] = sums[band] + levels[frame * bands + band] }
      for band in 0..<bands {
        let (from, to) = (max(0, band - reachInPitch), min(bands, band + reachInPitch + 1))
        levels[frame * bands + band] -= (sums[to] - sums[from]) / Float(to - from)
      }
    }
  }
}
