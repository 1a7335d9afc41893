internal import RepriseSignal
import Foundation

extension Inspection {
  /// Relations between the channels of a recording.
  package struct ChannelFigures: Sendable, Equatable, Codable {
    /// Two channels, by their numbers from 1.
    package struct Pair: Sendable, Equatable, Codable {
      /// First channel.
      package let first: Int
      /// Second channel.
      package let second: Int

      package init(first: Int, second: Int) {
        self.first = first
        self.second = second
      }

      package init(from decoder: any Decoder) throws {
        var numbers = try decoder.unkeyedContainer()
        self.init(first: try numbers.decode(Int.self), second: try numbers.decode(Int.self))
      }

      /// Encodes the pair as an array of two numbers.
      package func encode(to encoder: any Encoder) throws {
        var numbers = encoder.unkeyedContainer()
        try numbers.encode(first)
        try numbers.encode(second)
      }
    }

    /// Largest magnitude of each channel, 1 at full scale.
    package let peaks: [Double]
    /// Numbers, from 1, of channels in which no sample reaches −80 dBFS, nor a hundredth of the largest peak.
    package let silent: [Int]
    /// Pairs of channels all of whose samples are equal; without silent channels.
    package let identical: [Pair]
    /// Pairs of channels one of which is the other with its sign changed, or almost so; without silent channels.
    ///
    /// Almost so are the channels of a stereo recording whose correlation is −0.9 or less, and whose mean has less than
    /// a quarter of their energy.
    package let inverted: [Pair]
    /// Correlation of the two channels of a stereo recording about 0, −1…1; `nil` for other numbers of channels and
    /// for silence.
    package let correlation: Double?
    /// Level of the mean of two inverted channels under their own, in dB; `nil` if there is none left, or nothing
    /// inverted.
    package let inversionLoss: Double?
  }
}

extension Inspection.ChannelFigures {
  /// Largest correlation of channels that are reported as inverted.
  private static let inversion = -0.9
  /// Energy of the mean of two channels, as a fraction of their own, under which it is reported: 6 dB.
  private static let cancellation = 0.25

  /// Creates figures; `nil` for a single channel.
  init?(_ relations: ChannelRelations) {
    guard relations.channels > 1 else { return nil }
    peaks = relations.peaks.map(Double.init)
    silent = relations.dead.map { $0 + 1 }
    identical = relations.identical.map { Pair(first: $0.0 + 1, second: $0.1 + 1) }
    let exact = relations.inverted.map { Pair(first: $0.0 + 1, second: $0.1 + 1) }
    let isStereo = relations.channels == 2 && silent.isEmpty
    correlation = isStereo ? relations.correlation(0, 1) : nil
    if exact.isEmpty, let correlation, correlation <= Self.inversion, let ratio = relations.mixRatio(of: [0, 1]),
      ratio < Self.cancellation
    {
      inverted = [Pair(first: 1, second: 2)]
      inversionLoss = ratio > 0 ? -10 * log10(ratio) : nil
    } else {
      inverted = exact
      inversionLoss = nil
    }
  }

  /// Findings about channels that a recording is better without.
  var findings: [Finding] {
    var findings: [Finding] = []
    if !silent.isEmpty { findings.append(.silentChannels(silent, of: peaks.count)) }
    findings += identical.map { .identicalChannels($0.first, $0.second) }
    return findings + inverted.map { .invertedChannels($0.first, $0.second, loss: inversionLoss) }
  }
}

extension Inspection.ChannelFigures {
  private enum CodingKeys: String, CodingKey {
    case peaks, silent, identical, inverted, correlation, inversionLoss
  }

  /// Encodes every field, `null` for `nil`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peaks, forKey: .peaks)
    try container.encode(silent, forKey: .silent)
    try container.encode(identical, forKey: .identical)
    try container.encode(inverted, forKey: .inverted)
    try container.encode(correlation, forKey: .correlation)
    try container.encode(inversionLoss, forKey: .inversionLoss)
  }
}
