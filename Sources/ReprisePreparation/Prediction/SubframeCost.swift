/// What one channel of one block costs as the reference encoder codes it at its default level.
struct SubframeCost {
  /// Whether a subframe since this was last set to false is one that is not foreseen to the byte.
  var isDelicate = false

  private var linear = LinearPredictor()
  private var rice = RiceCost()
  private var residual: [Int32] = []
  private var shifted: [Int32] = []

  /// The bits of a subframe (RFC 9639 §9.2): the cheapest of constant, verbatim, one fixed and one linear predictor.
  ///
  /// - Parameters:
  ///   - samples: right-justified; the first `count` are the block.
  ///   - width: bits a sample, one more for a side channel.
  ///   - precision: bits of a predictor's coefficient.
  mutating func bits(_ samples: [Int32], count: Int, width: Int, precision: Int) -> BitCount {
    var union: Int32 = 0
    let all = samples.span
    for index in 0..<count { union |= all[index] }
    let wasted = union == 0 ? 0 : min(union.trailingZeroBitCount, width - 1)
    let width = width - wasted
    let head = 8 + wasted
    guard wasted > 0 else { return body(samples, count: count, width: width, precision: precision) + head }
    shifted.removeAll(keepingCapacity: true)
    for index in 0..<count { shifted.append(all[index] >> Int32(wasted)) }
    return body(shifted, count: count, width: width, precision: precision) + head
  }

  private mutating func body(_ samples: [Int32], count: Int, width: Int, precision: Int) -> BitCount {
    let constant = BitCount(guessed: width, written: width)
    let verbatim = BitCount(guessed: count * width, written: count * width)
    guard count > 4 else { return isConstant(samples, count: count) ? constant : verbatim }
    if residual.count < count { residual = Array(repeating: 0, count: count) }
    let order = fixedOrder(samples, count: count)
    if order <= 1, isConstant(samples, count: count) { return constant }
    var best = verbatim
    fixedResidual(samples, count: count, order: order)
    best = .cheaper(best, rice.bits(residual, count: count, order: order, width: width) + order * width)
    if let found = linear.predictor(samples, count: count, width: width, precision: precision) {
      let order = found.coefficients.count
      predict(samples, count: count, with: found)
      let cost = rice.bits(residual, count: count, order: order, width: width)
      if found.isDelicate { isDelicate = true }
      best = .cheaper(best, cost + 9 + order * (found.precision + width))
    }
    return best
  }

  private func isConstant(_ samples: [Int32], count: Int) -> Bool {
    samples[1..<max(count, 1)].allSatisfy { $0 == samples[0] }
  }

  /// The order 0…4 whose differences are smallest in sum, from the fifth sample on.
  private func fixedOrder(_ samples: [Int32], count: Int) -> Int {
    var sums = (UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    let all = samples.span
    var last = Int64(all[3])
    var first = last - Int64(all[2])
    let older = Int64(all[2]) - Int64(all[1])
    var second = first - older
    var third = second - (older - (Int64(all[1]) - Int64(all[0])))
    for index in 4..<count {
      let value = Int64(all[index])
      let one = value &- last
      let two = one &- first
      let three = two &- second
      let four = three &- third
      sums.0 &+= value.magnitude
      sums.1 &+= one.magnitude
      sums.2 &+= two.magnitude
      sums.3 &+= three.magnitude
      sums.4 &+= four.magnitude
      last = value
      first = one
      second = two
      third = three
    }
    let all5 = [sums.0, sums.1, sums.2, sums.3, sums.4]
    return all5.indices.min { all5[$0] < all5[$1] } ?? 0
  }

  private mutating func fixedResidual(_ samples: [Int32], count: Int, order: Int) {
    let all = samples.span
    var out = residual.mutableSpan
    for index in order..<count {
      let value: Int32 =
        switch order {
        case 0: all[index]
        case 1: all[index] &- all[index - 1]
        case 2: all[index] &- 2 &* all[index - 1] &+ all[index - 2]
        case 3: all[index] &- 3 &* all[index - 1] &+ 3 &* all[index - 2] &- all[index - 3]
        default:
          all[index] &- 4 &* all[index - 1] &+ 6 &* all[index - 2] &- 4 &* all[index - 3] &+ all[index - 4]
        }
      out[index] = value
    }
  }

  private mutating func predict(_ samples: [Int32], count: Int, with found: LinearPredictor.Quantized) {
    let order = found.coefficients.count
    // The eight samples before each, the nearest first, in one vector.
    var weights = SIMD8<Int64>.zero
    for (index, value) in found.coefficients.enumerated() { weights[index] = Int64(value) }
    var history = SIMD8<Int64>.zero
    let all = samples.span
    var out = residual.mutableSpan
    for index in 0..<count {
      let value = Int64(all[index])
      if index >= order {
        let guess = (weights &* history).wrappedSum() &>> Int64(found.shift)
        out[index] = Int32(truncatingIfNeeded: value &- guess)
      }
      history = SIMD8(value, history[0], history[1], history[2], history[3], history[4], history[5], history[6])
    }
  }
}
