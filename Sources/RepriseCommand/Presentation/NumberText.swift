/// Numbers in messages, as people write them.
package enum NumberText {
  /// Returns a number without a fraction that is zero and without an exponent: `-1` for -1.0, `1000000` for 1e6.
  package static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }
}
