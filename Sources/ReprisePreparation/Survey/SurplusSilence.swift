import RepriseSignal
import Foundation

/// A search for silence inside a stretch that is longer than wanted, and for the frames to leave out of it.
///
/// Silence is where no sample of any channel reaches the threshold; silence at the ends of the stretch is none inside
/// it. What is left out lies in the middle of the silence, so that a decay and a breath stay, and is moved by up to 10
/// ms to where the samples on both sides of the joint are nearest to 0.
struct SurplusSilence {
  let feed: StretchFeed
  /// Number of frames that stay of each silence.
  let longest: Int
  /// Silence threshold in dBFS.
  let level: Double

  /// Returns the stretches to leave out, in frames of the recording and in order.
  ///
  /// - Throws: `AudioFileError` or `CancellationError`.
  func find() throws -> [Range<Int>] {
    var silence = SampleSilence(threshold: Float(pow(10, level / 20)), fewest: longest + 1)
    var frame = 0
    try feed.run { samples, channels, _ in
      var start = 0
      while start < samples.count {
        let end = min(start + SampleSilence.blockFrames * channels, samples.count)
        let block = samples.span.extracting(start..<end)
        silence.add(block, channels: channels, at: frame, largest: PeakMeter.largest(block))
        frame += (end - start) / channels
        start = end
      }
    }
    let first = feed.frames.lowerBound
    let found = silence.inner.map { first + $0.start..<first + $0.end }
    return found.isEmpty ? [] : try joined(found)
  }

  /// Chooses the frames to leave out of each silence.
  private func joined(_ silences: [Range<Int>]) throws -> [Range<Int>] {
    var joints = silences[...]
    var result: [Range<Int>] = []
    var joint: Joint?
    var place = feed.frames.lowerBound
    try feed.run { samples, channels, rate in
      let block = place..<place + samples.count / channels
      place = block.upperBound
      while true {
        if joint == nil, let silence = joints.first {
          joint = Joint(silence, longest: longest, reach: min(rate / 100, longest / 4))
          joints.removeFirst()
        }
        guard joint != nil else { return }
        joint?.add(samples, block, channels: channels)
        guard let whole = joint, whole.end <= block.upperBound else { return }
        result.append(whole.removed)
        joint = nil
      }
    }
    if let joint { result.append(joint.removed) }
    return result
  }
}

/// The joint of what stays of a silence.
private struct Joint {
  /// Number of frames that are left out.
  private let count: Int
  /// First frame of the range in which the frames left out may begin.
  private let first: Int
  /// Number of frames in that range.
  private let choices: Int
  /// Energy of the last frame in front of the joint and of the first behind it, for each choice.
  private var energies: [Double]

  /// End of the frames that the choice depends on.
  var end: Int { first + choices + count }

  /// - Parameters:
  ///   - silence: The frame indices of the silence.
  ///   - longest: The number of frames that stay.
  ///   - reach: The largest distance from the middle, in frames.
  init(_ silence: Range<Int>, longest: Int, reach: Int) {
    count = silence.count - longest
    choices = 2 * reach + 1
    first = silence.lowerBound + longest / 2 - reach
    energies = Array(repeating: 0, count: choices)
  }

  mutating func add(_ samples: [Float], _ block: Range<Int>, channels: Int) {
    func energy(_ frame: Int) -> Double {
      let start = (frame - block.lowerBound) * channels
      return samples[start..<start + channels].reduce(0) { $0 + Double($1) * Double($1) }
    }
    for (offset, shift) in [(-1, 0), (0, count)] {
      // The frame in front of the joint of choice k is first + k − 1, and the one behind it first + k + count.
      let frames = (first + offset + shift..<first + offset + shift + choices).clamped(to: block)
      for frame in frames { energies[frame - first - offset - shift] += energy(frame) }
    }
  }

  /// Frames that are left out.
  var removed: Range<Int> {
    let middle = choices / 2
    var best = middle
    for distance in 0...max(middle, 0) {
      for choice in [middle - distance, middle + distance] where energies[choice] < energies[best] { best = choice }
    }
    return first + best..<first + best + count
  }
}
