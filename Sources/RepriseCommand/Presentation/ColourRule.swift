/// The rule for coloured text.
package enum ColourRule {
  /// Returns `true` if a stream may be coloured.
  ///
  /// Only a terminal that supports colours may be, unless `NO_COLOR` (https://no-color.org) or `CLICOLOR=0`
  /// (https://bixense.com/clicolors) forbid it.
  package static func allows(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && environment["TERM"] != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["CLICOLOR"] != "0"
  }
}

/// The colours of the command's text (ECMA-48 SGR).
package enum Colour: String, Sendable {
  case red = "31"
  case green = "32"
  case yellow = "33"

  /// Returns a text in this colour.
  package func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
