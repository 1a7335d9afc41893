package import RepriseSystem

/// BeatNet (Heydari, Cwitkowitz and Duan, ISMIR 2021): how likely a beat or a downbeat is at each time.
package struct BeatNetwork: Sendable {
  /// Probabilities, frame by frame, `BeatFeatures.rate` a second.
  package struct Activations: Sendable, Equatable {
    /// Of a beat that does not begin a bar.
    package var beat: [Float] = []
    /// Of a beat that begins a bar.
    package var downbeat: [Float] = []
  }

  /// Number of models, each trained with another collection left out.
  static let models = 3

  private let models: [Model]

  /// Creates the network.
  ///
  /// - Throws: `WeightError` if the weights are not BeatNet's.
  package init(_ weights: WeightFile) throws(WeightError) {
    var models: [Model] = []
    for number in 1...Self.models { models.append(try Model(weights, prefix: "\(number).")) }
    self.models = models
  }

  /// Returns the mean of the models' probabilities.
  ///
  /// - Throws: `CancellationError`.
  package func activations(of features: BeatFeatures, cancellation: Cancellation) throws -> Activations {
    var result = Activations()
    var states = models.map(\.initial)
    try features.forEachBlock(of: 256) { rows in
      try cancellation.check()
      let count = rows.count / BeatFeatures.count
      var sums = [Float](repeating: 0, count: 3 * count)
      for (index, model) in models.enumerated() {
        let found = model.probabilities(of: rows, state: &states[index])
        for place in sums.indices { sums[place] += found[place] / Float(models.count) }
      }
      for row in 0..<count {
        result.beat.append(sums[3 * row])
        result.downbeat.append(sums[3 * row + 1])
      }
    }
    return result
  }
}

extension BeatNetwork {
  /// One of the models: a convolution over frequency, a dense layer, two recurrent ones and a dense one.
  struct Model: Sendable {
    typealias State = (first: MemoryLayer.State, second: MemoryLayer.State)

    private let taps: [[Float]]
    private let offsets: [Float]
    private let input: DenseLayer
    private let first: MemoryLayer
    private let second: MemoryLayer
    private let output: DenseLayer

    /// Number of values that the convolution sums, and of values a channel after the maximum of pairs.
    static let reach = 10
    static let places = (BeatFeatures.count - reach + 1) / 2
    static let units = 150

    init(_ weights: WeightFile, prefix: String) throws(WeightError) {
      func tensor(_ name: String, _ shape: [Int]) throws(WeightError) -> WeightFile.Tensor {
        try weights.tensor(prefix + name, shape)
      }
      func dense(_ name: String, _ outputs: Int, _ inputs: Int) throws(WeightError) -> DenseLayer {
        DenseLayer(
          kernel: try tensor(name + ".weight", [outputs, inputs]).transposed,
          bias: try tensor(name + ".bias", [outputs]))
      }
      func memory(_ level: Int) throws(WeightError) -> MemoryLayer {
        let (one, other) = (
          try tensor("lstm.bias_ih_l\(level)", [4 * Self.units]), try tensor("lstm.bias_hh_l\(level)", [4 * Self.units])
        )
        return MemoryLayer(
          input: try tensor("lstm.weight_ih_l\(level)", [4 * Self.units, Self.units]),
          recurrent: try tensor("lstm.weight_hh_l\(level)", [4 * Self.units, Self.units]),
          bias: zip(one.values, other.values).map { $0 + $1 })
      }
      let kernel = try tensor("conv1.weight", [2, 1, Self.reach])
      taps = [Array(kernel.values[..<Self.reach]), Array(kernel.values[Self.reach...])]
      offsets = try tensor("conv1.bias", [2]).values
      input = try dense("linear0", Self.units, 2 * Self.places)
      first = try memory(0)
      second = try memory(1)
      output = try dense("linear", 3, Self.units)
    }

    var initial: State { (first.initial, second.initial) }

    /// Returns the probabilities of a beat, a downbeat and neither for each row of features.
    func probabilities(of rows: [Float], state: inout State) -> [Float] {
      let heard = first.outputs(of: input(convolved(rows)), state: &state.first)
      var result = output(second.outputs(of: heard, state: &state.second))
      Activation.softmax(&result, width: 3)
      return result
    }

    // The convolution, negative values made 0, and the greater of each pair.
    private func convolved(_ rows: [Float]) -> [Float] {
      typealias Lanes = LaneFunctions.Lanes
      let count = rows.count / BeatFeatures.count
      // The last vector of the last row reads a value beyond it.
      let padded = rows + [Float](repeating: 0, count: Lanes.scalarCount)
      var sums = [Float](
        repeating: 0, count: (2 * Self.places + Lanes.scalarCount) / Lanes.scalarCount * Lanes.scalarCount)
      var result: [Float] = []
      result.reserveCapacity(count * 2 * Self.places)
      for row in 0..<count {
        for (taps, offset) in zip(taps, offsets) {
          unsafe padded.withUnsafeBytes { padded in
            unsafe sums.withUnsafeMutableBytes { sums in
              for place in stride(from: 0, to: sums.count / 4, by: Lanes.scalarCount) {
                var sum = Lanes(repeating: offset)
                for tap in 0..<Self.reach {
                  let from = 4 * (row * BeatFeatures.count + place + tap)
                  unsafe sum += taps[tap] * padded.loadUnaligned(fromByteOffset: from, as: Lanes.self)
                }
                unsafe sums.storeBytes(of: sum, toByteOffset: 4 * place, as: Lanes.self)
              }
            }
          }
          for place in 0..<Self.places { result.append(max(0, max(sums[2 * place], sums[2 * place + 1]))) }
        }
      }
      return result
    }
  }
}

extension WeightFile.Tensor {
  /// A matrix with its rows and columns exchanged.
  var transposed: WeightFile.Tensor {
    precondition(shape.count == 2)
    let (rows, columns) = (shape[0], shape[1])
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for column in 0..<columns { for row in 0..<rows { result.append(values[row * columns + column]) } }
    return .init(shape: [columns, rows], values: result)
  }
}
