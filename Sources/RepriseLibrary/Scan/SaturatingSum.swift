extension Int {
  /// Adds what the file system says; a sparse file may claim any size, so a sum stays at the greatest number.
  package mutating func addClamped(_ other: Int) {
    let (sum, overflows) = addingReportingOverflow(other)
    self = overflows ? .max : sum
  }
}

extension Double {
  /// Adds a length, if it is one; the sum stays finite.
  package mutating func addClamped(_ length: Double) {
    guard length.isFinite, length > 0 else { return }
    self = Swift.min(self + length, .greatestFiniteMagnitude)
  }
}

extension Duration {
  /// As a number of seconds, without a point where it is whole: `60`, `0.5`.
  package var secondsText: String {
    let seconds = self / .seconds(1)
    return seconds == seconds.rounded() && seconds.magnitude < 1e15 ? "\(Int(seconds))" : "\(seconds)"
  }
}
