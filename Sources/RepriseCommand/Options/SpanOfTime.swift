import ArgumentParser
import Foundation

/// A time span as typed by users: `30d`, `12h`, `90m`, `45s`, `2w`.
struct SpanOfTime: ExpressibleByArgument, Equatable {
  /// Length in seconds, greater than zero and at most a hundred years.
  let seconds: Double

  /// Parses a time span; `nil` without a unit, and for zero, negative lengths, and lengths of more than a hundred
  /// years.
  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let unit = argument.last.flatMap({ units[$0] }) else { return nil }
    let digits = argument.dropLast()
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let count = Double(digits)
    else { return nil }
    seconds = count * unit
    guard seconds > 0, seconds <= 3_155_760_000 else { return nil }
  }

  /// Returns the moment that precedes another by this time span.
  func ago(from now: Date = Date()) -> Date { now.addingTimeInterval(-seconds) }
}
