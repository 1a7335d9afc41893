import RepriseAnalysis
import RepriseSystem
import Testing

@Suite("Layers of learned models")
struct LayerTests {
  @Test(
    "a packed matrix multiplies as any other", arguments: [(1, 1), (3, 8), (5, 13), (7, 36), (4, 64), (2, 72), (9, 33)])
  func matrix(inputs: Int, outputs: Int) {
    // Small integers: sums are exact in any order.
    let values = (0..<(inputs * outputs)).map { Float($0 * 7 % 11 - 5) }
    let rows = (0..<(3 * inputs)).map { Float($0 * 5 % 13 - 6) }
    let matrix = PackedMatrix(values, inputs: inputs, outputs: outputs)
    var result = (0..<(2 * outputs)).map(Float.init)
    matrix.addProduct(of: rows, from: inputs, rows: 2, to: &result)
    for row in 0..<2 {
      for output in 0..<outputs {
        let sum = (0..<inputs).reduce(Float(row * outputs + output)) { sum, input in
          sum + rows[(row + 1) * inputs + input] * values[input * outputs + output]
        }
        #expect(result[row * outputs + output] == sum)
      }
    }
  }

  @Test("a dense layer adds its bias to every row")
  func dense() {
    let layer = DenseLayer(
      kernel: .init(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]), bias: .init(shape: [3], values: [0.5, 0, -0.5]))
    #expect(layer([1, 1, 2, -1]) == [5.5, 7, 8.5, -1.5, -1, -0.5])
  }

  @Test("normalisation takes off the mean and divides by the deviation, then scales and moves")
  func normalisation() {
    let layer = Normalisation(gamma: [2, 1], beta: [0, 10], mean: [1, -1], variance: [3, 15], epsilon: 1)
    var rows: [Float] = [3, 3, 1, -5]
    layer.apply(to: &rows)
    #expect(rows == [2, 11, 0, 9])
  }

  // The figures are numpy's, from the formula in double precision.
  @Test(
    "a gated recurrent layer follows its formula, in either direction",
    arguments: [
      (false, [0.221816, -0.053821, 0.928945, 0.007884, 0.694111, -0.497327]),
      (true, [0.832727, -0.361762, 0.890249, -0.145279, -0.141423, -0.506927]),
    ])
  func recurrent(isBackward: Bool, expected: [Double]) throws {
    let layer = GatedRecurrentLayer(
      kernel: .init(shape: [2, 6], values: [0.5, -0.25, 0.75, 1, -0.5, 0.25, -1, 0.5, 0.25, -0.75, 1, 0.5]),
      recurrent: .init(shape: [2, 6], values: [0.25, 0.5, -0.5, 0.75, 1, -1, -0.25, 1, 0.5, -0.5, 0.75, 0.25]),
      bias: .init(shape: [6], values: [0.1, -0.2, 0.3, -0.4, 0.5, -0.6]))
    let rows: [Float] = [1, 0.5, -0.5, 2, 0.25, -1]
    let states = try layer.states(of: rows, isBackward: isBackward, cancellation: Cancellation())
    #expect(states.count == expected.count)
    for (state, wanted) in zip(states, expected) { #expect(abs(Double(state) - wanted) < 2e-6) }
  }

  @Test("a recurrent layer of no rows has no states")
  func nothing() throws {
    let layer = GatedRecurrentLayer(
      kernel: .init(shape: [1, 3], values: [1, 1, 1]), recurrent: .init(shape: [1, 3], values: [1, 1, 1]),
      bias: .init(shape: [3], values: [0, 0, 0]))
    #expect(try layer.states(of: [], isBackward: true, cancellation: Cancellation()).isEmpty)
  }
}
