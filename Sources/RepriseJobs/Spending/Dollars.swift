internal import Foundation

/// An amount of US dollars in whole millionths, so that sums of prices such as 0.195 are exact.
public struct Dollars: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// Nothing.
  public static let zero = Dollars(micros: 0)
  /// The most that an amount or a sum can be: nine billion dollars.
  public static let largest = Dollars(micros: 9_000_000_000_000_000)

  /// Millionths of a dollar, 0 to `largest`.
  public let micros: Int

  /// An amount in millionths; what is outside of 0 to `largest` becomes the nearer of both.
  public init(micros: Int) { self.micros = min(max(micros, 0), 9_000_000_000_000_000) }

  /// The nearest whole number of millionths.
  ///
  /// - Returns: nil for what is no amount: negative, not finite or above `largest`.
  public init?(_ usd: Double) {
    guard usd.isFinite, usd >= 0, usd <= Dollars.largest.usd else { return nil }
    self.init(micros: Int((usd * 1e6).rounded()))
  }

  /// As a number, for JSON.
  public var usd: Double { Double(micros) / 1e6 }

  /// Which amount is less.
  public static func < (left: Dollars, right: Dollars) -> Bool { left.micros < right.micros }

  /// The sum, at most `largest`.
  public static func + (left: Dollars, right: Dollars) -> Dollars { Dollars(micros: left.micros + right.micros) }

  /// The sum in the first one's place.
  public static func += (left: inout Dollars, right: Dollars) { left = left + right }

  /// The difference, at least nothing.
  public static func - (left: Dollars, right: Dollars) -> Dollars { Dollars(micros: left.micros - right.micros) }

  /// As many times as that, at most `largest`.
  public static func * (amount: Dollars, count: Int) -> Dollars {
    let (product, isTooLarge) = amount.micros.multipliedReportingOverflow(by: max(count, 0))
    return isTooLarge ? .largest : Dollars(micros: product)
  }

  /// `$1.95`, `$0.195`: at least two places, and as many as there are.
  public var description: String {
    var fraction = String(1_000_000 + micros % 1_000_000).dropFirst()
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return "$\(micros / 1_000_000).\(fraction)"
  }
}
