/// What an option takes, for a value of it that makes no sense.
public struct ValueAdvice: Equatable, Sendable {
  /// The value that was given.
  public let value: String
  /// The option, as it is typed.
  public let option: String
  /// What help calls the option's value.
  public let kind: String

  /// Reads the parser's own sentence, `The value 'V' is invalid for '--option <kind>'`; nil for any other, and for one that
  /// goes on with a reason of its own.
  public init?(_ sentence: String) {
    let middle = "' is invalid for '"
    let start = sentence.lowercased().hasPrefix("the value '") ? sentence.index(sentence.startIndex, offsetBy: 11) : nil
    guard let start, let found = sentence.ranges(of: middle).last, found.lowerBound >= start else { return nil }
    let rest = sentence[found.upperBound...]
    guard let end = rest.lastIndex(of: ">"), let begin = rest[..<end].lastIndex(of: "<") else { return nil }
    let names = rest[..<begin].split { $0 == " " || $0 == "," }
    guard let option = names.last else { return nil }
    let behind = rest[rest.index(after: end)...]
    // What follows, other than the list of the words that are allowed, is a better reason than any here.
    if behind.hasPrefix("': ") { return nil }
    value = String(sentence[start..<found.lowerBound])
    self.option = String(option)
    kind = String(rest[rest.index(after: begin)..<end])
  }

  /// The sentence.
  ///
  /// - Parameter words: the words that the option takes, where it takes words.
  /// - Returns: nil for an option of which nothing is known.
  public func sentence(words: [String] = []) -> String? {
    guard let allowed = words.isEmpty ? allowed : Self.listed(words) else { return nil }
    return "\(option) takes \(allowed), not '\(value)'"
  }

  /// A list with "or" before the last.
  private static func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
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
