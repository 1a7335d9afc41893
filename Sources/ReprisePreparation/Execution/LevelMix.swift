/// A choice or mean of channels, and a change of the level, in one step.
struct LevelMix {
  private let sources: [[Int]]?
  private let gain: Double
  /// Number of channels of the input.
  private let channels: Int

  /// Creates a change.
  ///
  /// - Parameters:
  ///   - mix: The channels of the result; `nil` for all of the input.
  ///   - gain: The factor applied to every sample.
  ///   - channels: The number of channels of the input.
  init(mix: ChannelMix?, gain: Double, channels: Int) {
    sources = mix?.sources
    self.gain = gain
    self.channels = channels
  }

  /// Changes interleaved floats.
  func apply(_ samples: inout [Float]) {
    guard let sources else {
      guard gain != 1 else { return }
      let factor = Float(gain)
      for index in samples.indices { samples[index] *= factor }
      return
    }
    samples = mixed(samples, of: sources, value: { Double($0) }, sample: { Float($0) })
  }

  /// Changes interleaved left-justified integers; what changes is rounded to `bits` bits and limited to their range,
  /// and picked channels stay as they are.
  func apply(_ samples: inout [Int32], bits: Int) {
    guard let sources else {
      guard gain != 1 else { return }
      for index in samples.indices { samples[index] = LevelMix.rounded(Double(samples[index]) * gain, bits: bits) }
      return
    }
    samples = mixed(
      samples, of: sources, value: { Double($0) }, sample: { LevelMix.rounded($0, bits: bits) })
  }

  /// Returns the mean of each group of channels at the new level; a channel by itself at its own level stays as it is.
  private func mixed<Sample>(
    _ samples: [Sample], of sources: [[Int]], value: (Sample) -> Double, sample: (Double) -> Sample
  ) -> [Sample] {
    var result: [Sample] = []
    result.reserveCapacity(samples.count / channels * sources.count)
    for start in stride(from: 0, to: samples.count, by: channels) {
      for source in sources {
        if source.count == 1, gain == 1 {
          result.append(samples[start + source[0]])
        } else {
          let sum = source.reduce(0.0) { $0 + value(samples[start + $1]) }
          result.append(sample(sum * gain / Double(source.count)))
        }
      }
    }
    return result
  }

  /// Returns the nearest left-justified integer of `bits` bits; ties go to even, as half of all means of two are ties.
  private static func rounded(_ value: Double, bits: Int) -> Int32 {
    let step = Double(Int64(1) << Int64(32 - bits))
    let nearest = (value / step).rounded(.toNearestOrEven) * step
    return Int32(min(max(nearest, -2_147_483_648), 2_147_483_648 - step))
  }
}

/// The removal of stretches from a stream of frames.
enum StretchRemoval {
  /// Removes the frames of a block that lie in stretches to be left out.
  ///
  /// - Parameters:
  ///   - stretches: The stretches, in order.
  ///   - samples: The block, interleaved.
  ///   - first: The index of the block's first frame.
  ///   - channels: The number of channels.
  static func apply<Sample>(
    _ stretches: [Range<Int>], to samples: inout [Sample], first: Int, channels: Int
  ) {
    let block = first..<first + samples.count / channels
    // The first stretch that ends behind the beginning of the block.
    var (low, high) = (0, stretches.count)
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].upperBound > block.lowerBound { high = middle } else { low = middle + 1 }
    }
    guard low < stretches.count, stretches[low].lowerBound < block.upperBound else { return }
    var kept: [Sample] = []
    var place = block.lowerBound
    for stretch in stretches[low...] {
      guard stretch.lowerBound < block.upperBound else { break }
      if stretch.lowerBound > place {
        kept += samples[(place - first) * channels..<(stretch.lowerBound - first) * channels]
      }
      place = min(stretch.upperBound, block.upperBound)
    }
    kept += samples[(place - first) * channels..<samples.count]
    samples = kept
  }
}
