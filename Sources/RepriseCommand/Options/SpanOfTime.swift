import ArgumentParser
import Foundation

/// A span of time as people type it: `30d`, `12h`, `90m`, `45s`, `2w`.
struct SpanOfTime: ExpressibleByArgument, Equatable {
  /// Its length, above nothing, at most a hundred years.
  let seconds: Double

  /// nil for what has no unit, is not above nothing or is longer than a hundred years.
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

  /// The moment so long before another.
  func ago(from now: Date = Date()) -> Date { now.addingTimeInterval(-seconds) }
}
