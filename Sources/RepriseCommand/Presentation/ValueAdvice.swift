/// Advice on the values of an option, after an invalid one.
package struct ValueAdvice: Equatable, Sendable {
  /// Invalid value.
  package let value: String
  /// Option as typed.
  package let option: String
  /// Name of the option's value in help.
  package let kind: String

  /// Parses the parser's own sentence, `The value 'V' is invalid for '--option <kind>'`; `nil` for any other sentence,
  /// and for one that continues with a specific reason.
  package init?(_ sentence: String) {
    let middle = "' is invalid for '"
    let start = sentence.lowercased().hasPrefix("the value '") ? sentence.index(sentence.startIndex, offsetBy: 11) : nil
    guard let start, let found = sentence.ranges(of: middle).last, found.lowerBound >= start else { return nil }
    let rest = sentence[found.upperBound...]
    guard let end = rest.lastIndex(of: ">"), let begin = rest[..<end].lastIndex(of: "<") else { return nil }
    let names = rest[..<begin].split { $0 == " " || $0 == "," }
    guard let option = names.last else { return nil }
    let behind = rest[rest.index(after: end)...]
    // A continuation other than the list of allowed words is a better explanation than any given here.
    if behind.hasPrefix("': ") { return nil }
    value = String(sentence[start..<found.lowerBound])
    self.option = String(option)
    kind = String(rest[rest.index(after: begin)..<end])
  }

  /// Returns the sentence with advice.
  ///
  /// - Parameter values: The words that the option accepts; empty if it accepts other values.
  /// - Returns: The sentence; `nil` for an unknown option.
  package func sentence(values: [String] = []) -> String? {
    guard let allowed = values.isEmpty ? allowed : Self.listed(values) else { return nil }
    return "\(option) takes \(allowed), not '\(value)'"
  }

  /// Returns a list with "or" before the last element.
  private static func listed(_ values: [String]) -> String {
    guard let last = values.last, values.count > 1 else { return values.first ?? "" }
    return values.dropLast().joined(separator: ", ") + " or " + last
  }

  private var allowed: String? {
    switch (option, kind) {
    case ("--port", _): "0 to 65535, where 0 picks a free port"
    case ("--start", _), ("--end", _): "seconds, m:ss or h:mm:ss, such as 83.5, 1:23.5 or 1:02:03"
    case (_, "time"): "a number above 0 and a unit, such as 45s, 90m, 12h, 30d or 2w"
    case (_, "seconds"): "a number of seconds, such as 30 or 2.5"
    case (_, "dollars"): "an amount in dollars, such as 5 or 2.50"
    case (_, "dB"): "a level in dBFS, such as -60"
    case (_, "n"): "a whole number, such as 4"
    case (_, let kind) where kind.contains("|"): Self.listed(kind.split(separator: "|").map(String.init))
    default: nil
    }
  }
}
