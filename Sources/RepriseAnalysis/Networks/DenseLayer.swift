import Foundation

/// A layer that multiplies each row by a matrix and adds a bias.
struct DenseLayer: Sendable {
  let matrix: PackedMatrix
  let bias: [Float]

  /// Creates a layer from its kernel, inputs first, and its bias.
  init(kernel: WeightFile.Tensor, bias: WeightFile.Tensor) {
    precondition(kernel.shape.count == 2 && bias.values.count == kernel.shape[1])
    matrix = PackedMatrix(kernel)
    self.bias = bias.values
  }

  /// Returns the output rows of input rows, without an activation.
  func callAsFunction(_ input: [Float]) -> [Float] {
    let rows = input.count / matrix.inputs
    var output: [Float] = []
    output.reserveCapacity(rows * bias.count)
    for _ in 0..<rows { output += bias }
    matrix.addProduct(of: input, rows: rows, to: &output)
    return output
  }
}

/// Batch normalisation with the statistics of the training: a factor and an offset for each channel.
struct Normalisation: Sendable {
  private let factors: [Float]
  private let offsets: [Float]

  /// Creates the layer from its four tensors and ε.
  init(gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float) {
    factors = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    offsets = zip(beta, zip(mean, factors)).map { $0 - $1.0 * $1.1 }
  }

  /// Normalises rows whose values are of the channels in turn.
  func apply(to rows: inout [Float]) {
    for start in stride(from: 0, to: rows.count, by: factors.count) {
      for channel in factors.indices {
        rows[start + channel] = rows[start + channel] * factors[channel] + offsets[channel]
      }
    }
  }

  /// Returns a value of a channel normalised.
  func callAsFunction(_ value: Float, channel: Int) -> Float { value * factors[channel] + offsets[channel] }
}

/// Functions of a layer's output.
enum Activation {
  /// Replaces negative values by 0.
  static func rectify(_ values: inout [Float]) {
    for index in values.indices { values[index] = max(0, values[index]) }
  }

  /// Replaces each value by 1 ÷ (1 + e^−x).
  static func sigmoid(_ values: inout [Float]) {
    for index in values.indices { values[index] = 1 / (1 + exp(-values[index])) }
  }

  /// Replaces each row of `width` values by probabilities in proportion to e^x.
  static func softmax(_ values: inout [Float], width: Int) {
    for start in stride(from: 0, to: values.count, by: width) {
      var highest = -Float.infinity
      for index in start..<(start + width) { highest = max(highest, values[index]) }
      var sum: Float = 0
      for index in start..<(start + width) {
        values[index] = exp(values[index] - highest)
        sum += values[index]
      }
      for index in start..<(start + width) { values[index] /= sum }
    }
  }

  /// Returns 0.2·x + 0.5 limited to 0…1, Keras's `hard_sigmoid` before its version 3.
  static func hardSigmoid(_ value: Float) -> Float { max(0, min(1, 0.2 * value + 0.5)) }
}
