/// Bits as the reference encoder guesses them, by which it chooses, and as they are written.
struct BitCount {
  var guessed: Int
  var written: Int

  static func + (one: BitCount, other: BitCount) -> BitCount {
    BitCount(guessed: one.guessed + other.guessed, written: one.written + other.written)
  }
  static func + (one: BitCount, more: Int) -> BitCount { one + BitCount(guessed: more, written: more) }

  /// The cheaper one by guess, the first of two alike.
  static func cheaper(_ one: BitCount, _ other: BitCount) -> BitCount { other.guessed < one.guessed ? other : one }
}

/// What a residual costs in FLAC's partitioned Rice code (RFC 9639 §9.2.7).
struct RiceCost {
  /// The finest division the encoder tries at its default level: 2⁵ partitions.
  private static let mostOrder = 5
  private var sums: [UInt64] = []
  private var parameters: [Int] = []
  private var bestParameters: [Int] = []

  /// The bits of a residual that follows `order` samples of warm-up, method and partition order included.
  ///
  /// The division and the parameters are the reference encoder's choice, made from the partitions' mean magnitudes.
  /// - Parameters:
  ///   - residual: the block's residual; its first `order` elements are not looked at.
  ///   - order: the predictor's.
  ///   - width: the samples' bits; over 16 the parameters may be larger.
  mutating func bits(_ residual: [Int32], count: Int, order: Int, width: Int) -> BitCount {
    var depth = RiceCost.mostOrder
    while depth > 0, count % (1 << depth) != 0 || count >> depth <= order { depth -= 1 }
    let limit = width > 16 ? 30 : 14
    sum(residual, count: count, order: order, depth: depth)
    var best = Int.max
    var bestDepth = 0
    for level in stride(from: depth, through: 0, by: -1) {
      if level < depth { mergePairs() }
      parameters.removeAll(keepingCapacity: true)
      var bits = 6
      for (index, sum) in sums.enumerated() {
        let samples = (count >> level) - (index == 0 ? order : 0)
        let parameter = RiceCost.parameter(sum: sum, samples: samples, limit: limit)
        parameters.append(parameter)
        // Magnitudes in place of zigzag codes: twice as much less half a bit a sample.
        let high = parameter > 0 ? sum >> UInt64(parameter - 1) : sum << 1
        bits += 4 + (1 + parameter) * samples + Int(clamping: high) - samples / 2
      }
      if bits < best {
        best = bits
        bestDepth = level
        swap(&bestParameters, &parameters)
      }
    }
    return BitCount(guessed: best, written: exact(residual, count: count, order: order, depth: bestDepth))
  }

  private mutating func sum(_ residual: [Int32], count: Int, order: Int, depth: Int) {
    sums.removeAll(keepingCapacity: true)
    let length = count >> depth
    let all = residual.span
    for part in 0..<1 << depth {
      var sum: UInt64 = 0
      for index in max(part * length, order)..<(part + 1) * length { sum &+= UInt64(all[index].magnitude) }
      sums.append(sum)
    }
  }

  private mutating func mergePairs() {
    for index in 0..<sums.count / 2 { sums[index] = sums[2 * index] &+ sums[2 * index + 1] }
    sums.removeLast(sums.count / 2)
  }

  private func exact(_ residual: [Int32], count: Int, order: Int, depth: Int) -> Int {
    let length = count >> depth
    let isWide = bestParameters.contains { $0 > 14 }
    var bits = 6 + bestParameters.count * (isWide ? 5 : 4)
    let all = residual.span
    for (part, parameter) in bestParameters.enumerated() {
      let range = max(part * length, order)..<(part + 1) * length
      var high: UInt64 = 0
      let shift = UInt32(parameter)
      for index in range {
        let value = all[index]
        high &+= UInt64(UInt32(bitPattern: (value &<< 1) ^ (value &>> 31)) &>> shift)
      }
      bits += range.count * (1 + parameter) + Int(clamping: high)
    }
    return bits
  }

  /// ⌊log₂ of the mean magnitude⌋ + 1, as the reference encoder takes it.
  private static func parameter(sum: UInt64, samples: Int, limit: Int) -> Int {
    guard samples > 0, sum >= 2 else { return 0 }
    let mean = (sum - 1) / UInt64(samples)
    return mean == 0 ? 0 : min(UInt64.bitWidth - mean.leadingZeroBitCount, limit)
  }
}
