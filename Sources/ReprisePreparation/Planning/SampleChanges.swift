import RepriseAudio

/// A requested change of the level.
package enum GainChoice: Sendable, Equatable {
  /// The level at which the true peak is `AutomaticGain.truePeak`.
  case automatic
  /// A change in dB, −60…60.
  case decibels(Double)

  /// Range of requested changes, in dB.
  package static let range = -60.0...60.0
}

/// The target of an automatic change of the level.
package enum AutomaticGain {
  /// True peak in dBTP (EBU R 128 §e).
  package static let truePeak = -1.0
  /// Smallest change that is made, in dB; less is not heard, and would cost the samples.
  static let least = 0.05
}

/// The requested channels.
package enum ChannelChoice: Sendable, Equatable {
  /// The mean of all channels that are not silent.
  case mono
  /// Channels by their numbers from 1, in this order.
  case picked([Int])
}

/// The length to which silence inside a recording is shortened.
package enum MaximumSilence {
  /// Range of lengths, in seconds.
  package static let range = 0.1...3600.0
}

/// The channels of a result, each made of some of the source.
package struct ChannelMix: Sendable, Equatable {
  /// Indices of the source's channels, for each channel of the result: of several, the mean is taken.
  package let sources: [[Int]]

  package init(sources: [[Int]]) { self.sources = sources }

  /// `true` if no samples are changed.
  package var isPick: Bool { sources.allSatisfy { $0.count == 1 } }
}

/// The channels of a result, as told in a plan; numbers count from 1.
package enum ChannelChange: Sendable, Equatable {
  /// Channels are picked; their samples stay unchanged.
  case picked([Int], of: Int)
  /// The only channel with sound is picked.
  case onlySounding(Int, of: Int)
  /// One of several equal channels is picked.
  case oneOfEqual(of: Int)
  /// The mean of channels is taken.
  ///
  /// - Parameters:
  ///   - count: The number of channels of the source.
  ///   - silent: The silent channels, which are left out.
  ///   - loss: The level of the mean under that of the channels, in dB, if they cancel out, ∞ if nothing is left;
  ///     otherwise `nil`.
  case mean(of: Int, silent: [Int], loss: Double?)
}

/// A change of the level as requested; all values in dB.
package struct GainChange: Sendable, Equatable {
  /// Change.
  package let decibels: Double
  /// `true` if the change follows from the true peak.
  package let isAutomatic: Bool
  /// True peak of the result before encoding.
  package let truePeak: Double

  package init(decibels: Double, isAutomatic: Bool, truePeak: Double) {
    self.decibels = decibels
    self.isAutomatic = isAutomatic
    self.truePeak = truePeak
  }
}

/// Silence inside a recording that is shortened.
package struct SilenceCut: Sendable, Equatable {
  /// Length of the silence that stays at each place, in seconds.
  package let longest: Double
  /// Silence threshold in dBFS.
  package let level: Double
  /// Stretches that are left out.
  package let stretches: [LostStretch]

  package init(longest: Double, level: Double, stretches: [LostStretch]) {
    self.longest = longest
    self.level = level
    self.stretches = stretches
  }
}
