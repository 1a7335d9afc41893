import Foundation
import RepriseSystem

/// A gated recurrent layer (GRU; Cho et al., 2014) with hard sigmoid gates, the reset gate applied before the product:
/// Keras's with `reset_after=False`.
///
/// z = σ(x·Wz + h·Uz + bz), r = σ(x·Wr + h·Ur + br), c = tanh(x·Wc + (r∘h)·Uc + bc), h ← z∘h + (1 − z)∘c.
struct GatedRecurrentLayer: Sendable {
  /// Number of units.
  let units: Int
  private let input: DenseLayer
  private let gates: PackedMatrix
  private let candidate: PackedMatrix

  /// Creates a layer from its kernel (inputs × 3 units, gates z, r, c), recurrent kernel and bias.
  init(kernel: WeightFile.Tensor, recurrent: WeightFile.Tensor, bias: WeightFile.Tensor) {
    let units = recurrent.shape[0]
    precondition(recurrent.shape == [units, 3 * units] && kernel.shape.last == 3 * units)
    self.units = units
    input = DenseLayer(kernel: kernel, bias: bias)
    func columns(_ range: Range<Int>) -> PackedMatrix {
      var values: [Float] = []
      for row in 0..<units {
        let start = row * 3 * units
        values += recurrent.values[(start + range.lowerBound)..<(start + range.upperBound)]
      }
      return PackedMatrix(values, inputs: units, outputs: range.count)
    }
    gates = columns(0..<(2 * units))
    candidate = columns((2 * units)..<(3 * units))
  }

  /// Returns the states of a sequence of rows, in the rows' order.
  ///
  /// - Parameters:
  ///   - rows: Input rows.
  ///   - isBackward: Whether the sequence is gone through from its end.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  func states(of rows: [Float], isBackward: Bool, cancellation: Cancellation) throws -> [Float] {
    let driven = input(rows)
    let count = driven.count / (3 * units)
    var result = [Float](repeating: 0, count: count * units)
    var state = [Float](repeating: 0, count: units)
    var gate = [Float](repeating: 0, count: 2 * units)
    var fresh = state
    var reset = state
    for step in 0..<count {
      if step.isMultiple(of: 256) { try cancellation.check() }
      let row = isBackward ? count - 1 - step : step
      let start = row * 3 * units
      for index in gate.indices { gate[index] = driven[start + index] }
      gates.addProduct(of: state, to: &gate)
      for unit in 0..<units {
        reset[unit] = Activation.hardSigmoid(gate[units + unit]) * state[unit]
        fresh[unit] = driven[start + 2 * units + unit]
      }
      candidate.addProduct(of: reset, to: &fresh)
      for unit in 0..<units {
        let keep = Activation.hardSigmoid(gate[unit])
        state[unit] = keep * state[unit] + (1 - keep) * tanh(fresh[unit])
        result[row * units + unit] = state[unit]
      }
    }
    return result
  }
}

/// Two recurrent layers that go through a sequence from either end, their states side by side.
struct BidirectionalLayer: Sendable {
  let forward: GatedRecurrentLayer
  let backward: GatedRecurrentLayer

  /// Returns rows of the forward layer's state and then the backward layer's.
  func states(of rows: [Float], cancellation: Cancellation) throws -> [Float] {
    let there = try forward.states(of: rows, isBackward: false, cancellation: cancellation)
    let back = try backward.states(of: rows, isBackward: true, cancellation: cancellation)
    let (left, right) = (forward.units, backward.units)
    let count = there.count / left
    var result: [Float] = []
    result.reserveCapacity(there.count + back.count)
    for row in 0..<count {
      result += there[(row * left)..<((row + 1) * left)]
      result += back[(row * right)..<((row + 1) * right)]
    }
    return result
  }
}
