import Foundation
import RepriseAnalysis
import TestSupport
import Testing

@Suite("A recurrent layer with a memory cell")
struct MemoryLayerTests {
  @Test("outputs are those of the definition, in one piece or in two", arguments: [(1, 1), (3, 2), (5, 8), (4, 11)])
  func definition(inputs: Int, units: Int) {
    var random = Seeded(UInt64(inputs * 100 + units))
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
    let (input, recurrent) = (numbers(4 * units * inputs), numbers(4 * units * units))
    let (bias, rows) = (numbers(4 * units), numbers(7 * inputs))
    let layer = MemoryLayer(
      input: .init(shape: [4 * units, inputs], values: input),
      recurrent: .init(shape: [4 * units, units], values: recurrent), bias: bias)
    let expected = Self.outputs(input, recurrent, bias, rows, units: units)
    var whole = layer.initial
    let found = layer.outputs(of: rows, state: &whole)
    #expect(found.count == expected.count)
    for (one, other) in zip(found, expected) { #expect(abs(Double(one) - other) < 1e-5) }
    var state = layer.initial
    let pieces =
      layer.outputs(of: Array(rows[..<(3 * inputs)]), state: &state)
      + layer.outputs(of: Array(rows[(3 * inputs)...]), state: &state)
    #expect(pieces == found)
  }

  @Test("exponential, sigmoid and hyperbolic tangent are exact to a few units in the last place")
  func functions() {
    for step in -200...200 {
      let value = Float(step) * 0.4321
      let lanes = SIMD8(repeating: value)
      let power = exp(Double(max(-87, min(87, value))))
      #expect(abs(Double(LaneFunctions.exponential(lanes)[3]) / power - 1) < 5e-7)
      #expect(abs(Double(LaneFunctions.sigmoid(lanes)[7]) - 1 / (1 + exp(-Double(value)))) < 3e-7)
      #expect(abs(Double(LaneFunctions.tanh(lanes)[0]) - tanh(Double(value))) < 5e-7)
    }
  }

  // i = σ(…), f = σ(…), g = tanh(…), o = σ(…); c ← f·c + i·g; h ← o·tanh c.
  private static func outputs(
    _ input: [Float], _ recurrent: [Float], _ bias: [Float], _ rows: [Float], units: Int
  ) -> [Double] {
    let inputs = input.count / (4 * units)
    var (state, cell) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units))
    var result: [Double] = []
    func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
    for start in stride(from: 0, to: rows.count, by: inputs) {
      let gates = (0..<(4 * units)).map { gate -> Double in
        var sum = Double(bias[gate])
        for index in 0..<inputs { sum += Double(input[gate * inputs + index]) * Double(rows[start + index]) }
        for unit in 0..<units { sum += Double(recurrent[gate * units + unit]) * state[unit] }
        return sum
      }
      for unit in 0..<units {
        cell[unit] =
          sigmoid(gates[units + unit]) * cell[unit] + sigmoid(gates[unit]) * tanh(gates[2 * units + unit])
        state[unit] = sigmoid(gates[3 * units + unit]) * tanh(cell[unit])
      }
      result += state
    }
    return result
  }
}
