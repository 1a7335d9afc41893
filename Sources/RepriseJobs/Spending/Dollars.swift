internal import Foundation

/// An amount of US dollars in whole millionths, so that sums of prices such as 0.195 are exact.
public struct Dollars: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// Zero.
  package static let zero = Dollars(micros: 0)
  /// Maximum of an amount or a sum: nine billion dollars.
  package static let largest = Dollars(micros: 9_000_000_000_000_000)

  /// Amount in millionths of a dollar, 0 to `largest`.
  package let micros: Int

  /// Creates an amount in millionths, clamped to the range of 0 to `largest`.
  package init(micros: Int) { self.micros = min(max(micros, 0), 9_000_000_000_000_000) }

  /// Creates an amount rounded to the nearest millionth.
  ///
  /// - Returns: nil for an invalid amount: negative, not finite or above `largest`.
  package init?(_ usd: Double) {
    guard usd.isFinite, usd >= 0, usd <= Dollars.largest.usd else { return nil }
    self.init(micros: Int((usd * 1e6).rounded()))
  }

  /// The amount as a number, for JSON.
  public var usd: Double { Double(micros) / 1e6 }

  /// Returns `true` if the first amount is less than the second.
  public static func < (left: Dollars, right: Dollars) -> Bool { left.micros < right.micros }

  /// Returns the sum, at most `largest`.
  package static func + (left: Dollars, right: Dollars) -> Dollars { Dollars(micros: left.micros + right.micros) }

  /// Adds the second amount to the first.
  package static func += (left: inout Dollars, right: Dollars) { left = left + right }

  /// Returns the difference, at least zero.
  package static func - (left: Dollars, right: Dollars) -> Dollars { Dollars(micros: left.micros - right.micros) }

  /// Returns the product, at most `largest`.
  package static func * (amount: Dollars, count: Int) -> Dollars {
    let (product, isTooLarge) = amount.micros.multipliedReportingOverflow(by: max(count, 0))
    return isTooLarge ? .largest : Dollars(micros: product)
  }

  /// The amount as `$1.95` or `$0.195`: at least two decimal places, and as many as there are.
  public var description: String {
    var fraction = String(1_000_000 + micros % 1_000_000).dropFirst()
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return "$\(micros / 1_000_000).\(fraction)"
  }
}
