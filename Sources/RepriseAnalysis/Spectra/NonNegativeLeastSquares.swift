/// Finds x ≥ 0 that minimizes ‖Σ x·template − target‖ by coordinate descent (Franc, Hlaváč and Navara, CAIP 2005).
struct NonNegativeLeastSquares: Sendable {
  private let templates: [[Float]]
  private let gram: [[Float]]
  // Music is continuous: the last solution is a good initial value.
  private var last: [Float]

  private static let rounds = 30
  private static let tolerance: Float = 1e-3

  init(templates: [[Float]]) {
    self.templates = templates
    gram = templates.map { row in templates.map { Self.dot(row, $0) } }
    last = Array(repeating: 0, count: templates.count)
  }

  mutating func solve(_ target: [Float]) -> [Float] {
    let wanted = templates.map { Self.dot($0, target) }
    var x = last
    // gradient = G·x − wanted
    var gradient = wanted.map { -$0 }
    for index in x.indices where x[index] > 0 { Self.add(gram[index], times: x[index], to: &gradient) }
    for _ in 0..<Self.rounds {
      var moved: Float = 0
      for index in x.indices {
        let better = max(0, x[index] - gradient[index] / max(gram[index][index], 1e-9))
        let step = better - x[index]
        guard step != 0 else { continue }
        x[index] = better
        moved = max(moved, abs(step))
        Self.add(gram[index], times: step, to: &gradient)
      }
      if moved < Self.tolerance { break }
    }
    last = x
    return x
  }

  private static func dot(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
    return sum
  }

  private static func add(_ row: [Float], times factor: Float, to sum: inout [Float]) {
    for index in 0..<min(row.count, sum.count) { sum[index] += factor * row[index] }
  }
}
