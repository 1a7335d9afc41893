import Foundation

/// Numbers in messages, as people write them.
package enum NumberText {
  /// Returns a number without a fraction that is zero and without an exponent: `-1` for -1.0, `1000000` for 1e6.
  package static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }

  /// Returns a number by a format such as `%+.2f`, without a sign if all of its digits are 0.
  package static func formatted(_ format: String, _ number: Double) -> String {
    let text = String(format: format, number)
    let isZero = !text.contains { ("1"..."9").contains($0) } && number.isFinite
    return isZero ? text.replacing("-", with: "").replacing("+", with: "") : text
  }
}
