/// Measurements of how the channels of a recording are related: peaks, equality, and products.
///
/// Equality is exact over all samples, and costs nothing once it is refuted. Products are summed over one block of
/// several, as a correlation needs no more.
package struct ChannelRelations: Sendable {
  /// Largest number of channels among which pairs are examined.
  package static let mostChannels = 32
  /// Ratio of peaks, 40 dB, by which a channel without sound stays under the others.
  private static let deadRatio: Float = 0.01

  /// Number of channels.
  package let channels: Int
  /// Largest magnitude of each channel that is a number.
  package private(set) var peaks: [Float]

  private let every: Int
  private var blocks = 0
  /// Pairs of channels that were equal, or opposite, up to now.
  private var equal: [(Int, Int)]
  private var opposite: [(Int, Int)]
  /// Sums of products of pairs of channels: element `a * channels + b`, with `a <= b`.
  private var products: [Double]

  /// Creates measurements of no samples.
  ///
  /// - Parameters:
  ///   - channels: The number of channels, 1 or more.
  ///   - every: The number of blocks of which one is summed; 1 sums all.
  package init(channels: Int, every: Int) {
    self.channels = channels
    self.every = every
    peaks = Array(repeating: 0, count: channels)
    var pairs: [(Int, Int)] = []
    if channels <= ChannelRelations.mostChannels {
      for a in 0..<channels { for b in 0..<channels where a < b { pairs.append((a, b)) } }
    }
    equal = pairs
    opposite = pairs
    products = pairs.isEmpty ? [] : Array(repeating: 0, count: channels * channels)
  }

  /// Adds whole frames.
  ///
  /// - Parameters:
  ///   - block: The frames, interleaved; their samples are numbers.
  ///   - peaks: The largest magnitude of each channel in the block.
  package mutating func add(_ block: Span<Float>, peaks: [Float]) {
    for channel in 0..<channels where peaks[channel] > self.peaks[channel] { self.peaks[channel] = peaks[channel] }
    guard channels > 1 else { return }
    for index in equal.indices.reversed() where !holds(block, equal[index], sign: 1) { equal.remove(at: index) }
    for index in opposite.indices.reversed() where !holds(block, opposite[index], sign: -1) {
      opposite.remove(at: index)
    }
    let isSummed = blocks % every == 0
    blocks += 1
    guard isSummed, !products.isEmpty else { return }
    if channels == 2 { addStereo(block) } else { addProducts(block) }
  }

  /// Returns `true` if each sample of the first channel is that of the second, times the sign.
  private func holds(_ block: Span<Float>, _ pair: (Int, Int), sign: Float) -> Bool {
    var start = 0
    while start + channels <= block.count {
      if block[start + pair.0] != sign * block[start + pair.1] { return false }
      start += channels
    }
    return true
  }

  private mutating func addStereo(_ block: Span<Float>) {
    var (left, right, both) = (0.0, 0.0, 0.0)
    var index = 0
    while index + 1 < block.count {
      let (a, b) = (Double(block[index]), Double(block[index + 1]))
      left += a * a
      right += b * b
      both += a * b
      index += 2
    }
    products[0] += left
    products[1] += both
    products[3] += right
  }

  private mutating func addProducts(_ block: Span<Float>) {
    var start = 0
    while start + channels <= block.count {
      for a in 0..<channels {
        let one = Double(block[start + a])
        for b in a..<channels { products[a * channels + b] += one * Double(block[start + b]) }
      }
      start += channels
    }
  }

  // MARK: Results

  /// Channels without sound beside others that have it, as indices: no sample reaches −80 dBFS, nor a hundredth of the
  /// largest peak.
  package var dead: [Int] {
    let most = peaks.max() ?? 0
    guard channels > 1, most > 0 else { return [] }
    return peaks.indices.filter {
      peaks[$0] < FaintSignal.audible && peaks[$0] < ChannelRelations.deadRatio * most
    }
  }

  /// Pairs of channels, neither of them dead, all of whose samples are equal.
  package var identical: [(Int, Int)] { alive(equal) }

  /// Pairs of channels, neither of them dead, all of whose samples are equal but for the sign.
  package var inverted: [(Int, Int)] { alive(opposite) }

  private func alive(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
    let dead = dead
    // Samples that are all 0 are equal and opposite to each other.
    return pairs.filter { !dead.contains($0.0) && !dead.contains($0.1) && peaks[$0.0] > 0 }
  }

  /// Returns the correlation of two channels about 0, −1…1; `nil` if one of them has no sound.
  package func correlation(_ a: Int, _ b: Int) -> Double? {
    guard !products.isEmpty else { return nil }
    let scale = (product(a, a) * product(b, b)).squareRoot()
    guard scale > 0, scale.isFinite else { return nil }
    return min(max(product(a, b) / scale, -1), 1)
  }

  /// Returns the ratio of the energy of the mean of channels to the mean of their energies, 0…1: 1 for equal channels,
  /// one part in their number for independent ones, and 0 for channels that cancel out; `nil` if there is no sound.
  package func mixRatio(of channels: [Int]) -> Double? {
    guard !products.isEmpty, !channels.isEmpty else { return nil }
    var (mix, sum) = (0.0, 0.0)
    for a in channels {
      sum += product(a, a)
      for b in channels { mix += product(a, b) }
    }
    guard sum > 0, sum.isFinite else { return nil }
    return max(mix / Double(channels.count) / sum, 0)
  }

  private func product(_ a: Int, _ b: Int) -> Double { products[min(a, b) * channels + max(a, b)] }
}
