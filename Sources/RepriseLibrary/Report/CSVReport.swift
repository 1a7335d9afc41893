import RepriseAudio
import RepriseSystem

/// A scan's result as comma-separated values: RFC 4180 in UTF-8, a header, then one row per file.
///
/// Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula, which could do anything; such a text
/// gets an apostrophe in front, as spreadsheets write it themselves. A text that begins with an apostrophe gets
/// another, so that removing one always restores the text. Numbers stay numbers.
package struct CSVReport: Sendable {
  /// The columns, in an order that stays; new ones are appended.
  ///
  /// - `path`: as given; `path_form` is `text`, or `escaped` if the path is not UTF-8 or holds a control or format
  ///   character: those are written as `\xff`, `\n` or `\u{202e}` then, and each backslash is doubled.
  /// - `verdict`; `reasons`: their codes, with spaces between.
  /// - `format`, `codec`, `sample_rate` (Hz), `channels`, `seconds`, `frames`, `bytes`, `audio_bytes`, `loudness_lufs`:
  ///   empty if not known.
  /// - `checked`: `skim`, `structure` or `full`.
  /// - `damage`: stretches in seconds, `1.5-2.25`, with spaces between.
  /// - `messages`: the reasons' messages, ` | ` between.
  package static let columns = [
    "path", "path_form", "verdict", "reasons", "format", "codec", "sample_rate", "channels", "seconds", "frames",
    "bytes", "audio_bytes", "loudness_lufs", "checked", "damage", "messages",
  ]

  /// Creates a report.
  package init() {}

  /// The line of the columns' names, with its line end.
  package var header: String { Self.columns.joined(separator: ",") + "\r\n" }

  /// Returns a file's line, with its line end.
  package func row(for file: ScannedFile) -> String {
    let facts = file.facts
    let (path, form) = Self.path(file.path.bytes)
    func number(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    func number(_ value: Double?) -> String { value.map { $0.isFinite ? fixed($0, decimals: 6) : "" } ?? "" }
    func text(_ value: String) -> String { Self.quoted(Self.harmless(value)) }
    let damage = facts.damage.map { "\(fixed($0.start, decimals: 3))-\(fixed($0.end, decimals: 3))" }
    let cells = [
      text(path), form, facts.verdict.rawValue, text(facts.reasons.map(\.code).joined(separator: " ")),
      facts.format.rawValue, text(VisibleText.sentence(facts.codec ?? "")), number(facts.sampleRate),
      number(facts.channels), number(facts.seconds), number(facts.frames), number(facts.bytes),
      number(facts.audioBytes), number(facts.loudness), facts.checked.rawValue,
      Self.quoted(damage.joined(separator: " ")),
      text(facts.reasons.map { VisibleText.sentence($0.message) }.joined(separator: " | ")),
    ]
    return cells.joined(separator: ",") + "\r\n"
  }

  /// Returns a path unchanged if every reader can take it so, else escaped.
  private static func path(_ bytes: [UInt8]) -> (text: String, form: String) {
    let visible = VisibleText.name(bytes)
    let plain = String(decoding: bytes, as: UTF8.self)
    // A path that has only doubled backslashes needs no escape.
    if visible == plain || visible == plain.replacing("\\", with: "\\\\") { return (plain, "text") }
    return (visible, "escaped")
  }

  /// Returns a text that no spreadsheet takes for a formula (OWASP, "CSV Injection").
  private static func harmless(_ text: String) -> String {
    let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
    switch first {
    case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return "'" + text
    default: return text.unicodeScalars.first == "'" ? "'" + text : text
    }
  }

  /// Returns a cell, in quotes if RFC 4180 requires them, or if other readers would drop spaces or see another
  /// separator.
  private static func quoted(_ cell: String) -> String {
    let special: [UInt8] = [0x22, 0x2C, 0x3B, 0x09, 0x0A, 0x0D, 0x20]
    guard cell.utf8.contains(where: special.contains) else { return cell }
    // Compared by scalars: a quote with a combining accent is one Character, and still a quote.
    return "\"" + cell.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
