extension Int {
  /// Adds a size from the file system; a sparse file may claim any size, so the sum stops at the greatest number.
  package mutating func addClamped(_ other: Int) {
    let (sum, overflows) = addingReportingOverflow(other)
    self = overflows ? .max : sum
  }
}

extension Double {
  /// Adds a length if it is finite and positive; the sum stays finite.
  package mutating func addClamped(_ length: Double) {
    guard length.isFinite, length > 0 else { return }
    self = Swift.min(self + length, .greatestFiniteMagnitude)
  }
}

extension Duration {
  /// The number of seconds as text, without a point for a whole number: `60`, `0.5`.
  package var secondsText: String {
    let seconds = self / .seconds(1)
    return seconds == seconds.rounded() && seconds.magnitude < 1e15 ? "\(Int(seconds))" : "\(seconds)"
  }
}
