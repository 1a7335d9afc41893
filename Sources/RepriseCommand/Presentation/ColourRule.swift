/// Whether text may be coloured.
public enum ColourRule {
  /// Whether a stream gets colour: only a terminal that knows it, unless `NO_COLOR` (https://no-color.org) or `CLICOLOR=0`
  /// (https://bixense.com/clicolors) forbid it.
  public static func allows(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && environment["TERM"] != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["CLICOLOR"] != "0"
  }
}

/// The colours of the command's words (ECMA-48 SGR).
public enum Colour: String, Sendable {
  case red = "31"
  case green = "32"
  case yellow = "33"

  /// A text in this colour.
  public func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
