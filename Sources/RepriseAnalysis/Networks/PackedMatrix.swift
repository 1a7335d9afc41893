/// A matrix of weights, laid out for multiplying rows of values by it.
///
/// Sums run over the inputs in order, several outputs side by side, so that results are the same on every machine.
struct PackedMatrix: Sendable {
  typealias Lanes = SIMD8<Float>

  /// Number of values of an input row.
  let inputs: Int
  /// Number of values of an output row.
  let outputs: Int

  // Columns of eight outputs; four columns side by side for each input in turn, then the columns that are left.
  private let packed: [Lanes]

  private static let together = 4
  private var columns: Int { (outputs + Lanes.scalarCount - 1) / Lanes.scalarCount }

  /// Creates a matrix of `inputs` rows with `outputs` elements each, in row-major order.
  init(_ values: [Float], inputs: Int, outputs: Int) {
    precondition(values.count == inputs * outputs)
    self.inputs = inputs
    self.outputs = outputs
    let columns = (outputs + Lanes.scalarCount - 1) / Lanes.scalarCount
    var packed: [Lanes] = []
    packed.reserveCapacity(columns * inputs)
    var first = 0
    while first < columns {
      let width = columns - first >= Self.together ? Self.together : 1
      for input in 0..<inputs {
        for column in first..<(first + width) {
          var lanes = Lanes.zero
          for lane in lanes.indices where column * Lanes.scalarCount + lane < outputs {
            lanes[lane] = values[input * outputs + column * Lanes.scalarCount + lane]
          }
          packed.append(lanes)
        }
      }
      first += width
    }
    self.packed = packed
  }

  /// Creates the matrix of a tensor of two dimensions, inputs first.
  init(_ tensor: WeightFile.Tensor) {
    precondition(tensor.shape.count == 2)
    self.init(tensor.values, inputs: tensor.shape[0], outputs: tensor.shape[1])
  }

  /// Adds the product of input rows and the matrix to output rows.
  ///
  /// - Parameters:
  ///   - input: Rows of `inputs` values.
  ///   - first: Index of the first row's first value in `input`.
  ///   - rows: The number of rows.
  ///   - output: Rows of `outputs` values, which are added to from the first on.
  func addProduct(of input: [Float], from first: Int = 0, rows: Int = 1, to output: inout [Float]) {
    precondition(first >= 0 && first + rows * inputs <= input.count && rows * outputs <= output.count)
    unsafe packed.withUnsafeBufferPointer { weights in
      unsafe input.withUnsafeBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          for row in 0..<rows {
            unsafe addRow(weights, input, first + row * inputs, &output, row * outputs)
          }
        }
      }
    }
  }

  // The one loop that the networks' time goes into: four columns are as many sums as fit the registers.
  private func addRow(
    _ weights: UnsafeBufferPointer<Lanes>, _ input: UnsafeBufferPointer<Float>, _ from: Int,
    _ output: inout UnsafeMutableBufferPointer<Float>, _ to: Int
  ) {
    var at = 0
    var column = 0
    while columns - column >= Self.together {
      var sums = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      for index in 0..<inputs {
        let value = unsafe Lanes(repeating: input[from + index])
        unsafe sums.0 += value * weights[at]
        unsafe sums.1 += value * weights[at + 1]
        unsafe sums.2 += value * weights[at + 2]
        unsafe sums.3 += value * weights[at + 3]
        at += Self.together
      }
      unsafe add(sums.0, column, &output, to)
      unsafe add(sums.1, column + 1, &output, to)
      unsafe add(sums.2, column + 2, &output, to)
      unsafe add(sums.3, column + 3, &output, to)
      column += Self.together
    }
    while column < columns {
      var sum = Lanes.zero
      for index in 0..<inputs { unsafe sum += input[from + index] * weights[at + index] }
      at += inputs
      unsafe add(sum, column, &output, to)
      column += 1
    }
  }

  private func add(_ sum: Lanes, _ column: Int, _ output: inout UnsafeMutableBufferPointer<Float>, _ to: Int) {
    let start = column * Lanes.scalarCount
    for lane in 0..<min(Lanes.scalarCount, outputs - start) { unsafe output[to + start + lane] += sum[lane] }
  }
}
