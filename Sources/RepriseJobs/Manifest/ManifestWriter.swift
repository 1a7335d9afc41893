/// Writes a manifest, line by line, so that `Manifest` reads the same rows from it.
package struct ManifestWriter: Sendable {
  /// The forms of a manifest.
  package enum Form: Sendable, CaseIterable {
    /// Comma-separated values, RFC 4180, lines ending in LF.
    case commaSeparated
    /// JSON Lines.
    case jsonLines
  }

  /// A row to be written; texts are written literally, not as files.
  package struct Entry: Sendable, Equatable {
    /// The recording, absolute or relative to the manifest's directory.
    package var path: String
    /// The style.
    package var prompt: String?
    /// The lyrics.
    package var lyrics: String?
    /// The cover's file, absolute or relative like `path`.
    package var output: String?

    /// Creates a row.
    package init(path: String, prompt: String? = nil, lyrics: String? = nil, output: String? = nil) {
      self.path = path
      self.prompt = prompt
      self.lyrics = lyrics
      self.output = output
    }
  }

  /// An error for a name that no manifest can contain.
  package struct Unwritable: Error, CustomStringConvertible {
    /// The reason, as one sentence.
    package let description: String
  }

  /// The form of the manifest.
  package let form: Form

  /// Creates a writer of one form.
  package init(_ form: Form) { self.form = form }

  /// The text before the first row; empty if the form has no header.
  package var header: String { form == .commaSeparated ? "path,prompt,lyrics,output\n" : "" }

  /// Returns a row with its line end.
  ///
  /// - Throws: `Unwritable` for a name that is empty, contains a zero byte, or contains U+FFFD, which replaces the
  ///   bytes of a name that is not UTF-8: neither form could represent those bytes, so that another file would be
  ///   named.
  package func line(for entry: Entry) throws(Unwritable) -> String {
    try Self.check(entry.path)
    if let output = entry.output { try Self.check(output) }
    let values = [
      ("path", entry.path), ("prompt", Self.literal(entry.prompt)), ("lyrics", Self.literal(entry.lyrics)),
      ("output", entry.output),
    ]
    switch form {
    case .commaSeparated: return values.map { Self.quoted($1 ?? "") }.joined(separator: ",") + "\n"
    case .jsonLines:
      let members = values.compactMap { key, value in value.map { "\"\(key)\": \(Self.json($0))" } }
      return "{" + members.joined(separator: ", ") + "}\n"
    }
  }

  private static func check(_ path: String) throws(Unwritable) {
    if path.isEmpty { throw Unwritable(description: "an empty name can't be in a manifest") }
    if path.utf8.contains(0) { throw Unwritable(description: "a name with a zero byte can't be in a manifest") }
    if path.unicodeScalars.contains("\u{FFFD}") {
      throw Unwritable(
        description: "\(shortened(path)): its name holds bytes that are not UTF-8, or U+FFFD, which stands for them,"
          + " so it can't be in a manifest")
    }
  }

  /// Escapes a text that begins with `@`, which would be taken for a file name.
  private static func literal(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return text.utf8.first == UInt8(ascii: "@") ? "@" + text : text
  }

  /// Quotes a field if RFC 4180 requires it, and if other readers would drop spaces or see another separator.
  private static func quoted(_ field: String) -> String {
    let special: [UInt8] = [0x22, 0x2C, 0x3B, 0x09, 0x0A, 0x0D, 0x20]
    guard field.utf8.contains(where: special.contains) else { return field }
    // By scalars: a quote with an accent over it is one Character, and still a quote.
    return "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // The last two are line ends to some readers of lines.
      case "\0"..<" ", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
