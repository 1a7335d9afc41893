/// A recurrent layer with a memory cell (LSTM; Hochreiter and Schmidhuber, 1997), as PyTorch's `LSTM` has it.
///
/// i = σ(…), f = σ(…), g = tanh(…), o = σ(…), each of x·W + h·U + b; c ← f∘c + i∘g, h ← o∘tanh c.
package struct MemoryLayer: Sendable {
  /// What a layer remembers between the rows of a sequence.
  package struct State: Sendable {
    fileprivate var output: [Float]
    fileprivate var cell: [Float]
  }

  /// Number of units.
  package let units: Int
  private let input: DenseLayer
  private let recurrent: PackedMatrix

  // Units of a gate, rounded up to whole vectors; those beyond `units` stay 0.
  private let width: Int
  private static let lanes = LaneFunctions.Lanes.scalarCount

  /// Creates a layer from its weights, each with the gates i, f, g and o one below the other.
  ///
  /// - Parameters:
  ///   - input: W, 4 units × inputs.
  ///   - recurrent: U, 4 units × units.
  ///   - bias: b, 4 units.
  package init(input: WeightFile.Tensor, recurrent: WeightFile.Tensor, bias: [Float]) {
    let units = recurrent.shape[1]
    precondition(input.shape.count == 2 && recurrent.shape == [4 * units, units])
    precondition(input.shape[0] == 4 * units && bias.count == 4 * units)
    let width = (units + Self.lanes - 1) / Self.lanes * Self.lanes
    // Transposed, as the matrix wants its inputs first, with each gate at a multiple of `width`.
    func packed(_ tensor: WeightFile.Tensor) -> WeightFile.Tensor {
      let inputs = tensor.shape[1]
      var values = [Float](repeating: 0, count: inputs * 4 * width)
      for row in 0..<(4 * units) {
        let column = row / units * width + row % units
        for input in 0..<inputs { values[input * 4 * width + column] = tensor.values[row * inputs + input] }
      }
      return WeightFile.Tensor(shape: [inputs, 4 * width], values: values)
    }
    var wide = [Float](repeating: 0, count: 4 * width)
    for row in 0..<(4 * units) { wide[row / units * width + row % units] = bias[row] }
    self.units = units
    self.width = width
    self.input = DenseLayer(kernel: packed(input), bias: .init(shape: [4 * width], values: wide))
    self.recurrent = PackedMatrix(packed(recurrent))
  }

  /// The state before a sequence.
  package var initial: State {
    State(output: [Float](repeating: 0, count: width), cell: [Float](repeating: 0, count: width))
  }

  /// Returns the outputs for input rows, and leaves the state after the last.
  package func outputs(of rows: [Float], state: inout State) -> [Float] {
    let driven = input(rows)
    let count = driven.count / (4 * width)
    var result: [Float] = []
    result.reserveCapacity(count * units)
    var gates = [Float](repeating: 0, count: 4 * width)
    for row in 0..<count {
      gates.replaceSubrange(0..., with: driven[(row * 4 * width)..<((row + 1) * 4 * width)])
      recurrent.addProduct(of: state.output, to: &gates)
      update(&state, gates)
      result += state.output[..<units]
    }
    return result
  }

  private func update(_ state: inout State, _ gates: [Float]) {
    typealias Lanes = LaneFunctions.Lanes
    unsafe gates.withUnsafeBytes { gates in
      unsafe state.cell.withUnsafeMutableBytes { cell in
        unsafe state.output.withUnsafeMutableBytes { output in
          for unit in stride(from: 0, to: width, by: Self.lanes) {
            func gate(_ index: Int) -> Lanes {
              unsafe gates.loadUnaligned(fromByteOffset: 4 * (index * width + unit), as: Lanes.self)
            }
            let kept =
              unsafe LaneFunctions.sigmoid(gate(1)) * cell.loadUnaligned(fromByteOffset: 4 * unit, as: Lanes.self)
            let value = kept + LaneFunctions.sigmoid(gate(0)) * LaneFunctions.tanh(gate(2))
            let out = LaneFunctions.sigmoid(gate(3)) * LaneFunctions.tanh(value)
            unsafe cell.storeBytes(of: value, toByteOffset: 4 * unit, as: Lanes.self)
            unsafe output.storeBytes(of: out, toByteOffset: 4 * unit, as: Lanes.self)
          }
        }
      }
    }
  }
}
