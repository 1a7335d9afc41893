import Foundation

/// The extraction of a key from a text as people paste it, with quotation marks, a variable's name or a header field's
/// scheme.
///
/// Pure.
package enum PastedKey {
  /// The reason why a text is no key, without any part of the text.
  package struct Refusal: Error, Equatable {
    package let fault: ServiceError.KeyProblem.KeyFault
  }

  /// Opening and closing quotation marks.
  private static let quotes: [(Character, Character)] = [
    ("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201C}", "\u{201D}"), ("\u{2018}", "\u{2019}"), ("\u{201E}", "\u{201C}"),
    ("\u{00AB}", "\u{00BB}"),
  ]

  /// Extracts the key from a text.
  ///
  /// Around the key, in any order: blanks and line ends, a byte order mark, quotation marks that match, `NAME=` as in a
  /// file of variables, with `export`, `set` or `setenv` before it, and `Authorization:` and `Bearer` as in a header
  /// field. A text before `=` is a name if it follows `export`, is in upper case, or contains `key` or `token`; any
  /// other is part of the key.
  ///
  /// - Parameter text: The text.
  /// - Returns: The key.
  /// - Throws: `Refusal` if the rest cannot be a key: nothing, blanks within, quotation marks at one end, another
  ///   variable's name, a placeholder.
  package static func key(in text: String) throws(Refusal) -> String {
    var rest = trimmed(text)
    guard !rest.isEmpty else { throw Refusal(fault: .empty) }
    while true {
      let before = rest
      rest = trimmed(withoutQuotes(rest))
      rest = trimmed(withoutScheme(rest))
      rest = trimmed(withoutName(rest))
      if rest == before { break }
    }
    guard !rest.isEmpty else { throw Refusal(fault: .emptyWithin) }
    guard rest.unicodeScalars.count <= 4096, rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
    else {
      throw Refusal(fault: .characters)
    }
    guard !rest.contains(where: { "\"'`\\".contains($0) }) else {
      throw Refusal(fault: .quotationMarks)
    }
    guard rest.first != "$", !(rest.first == "%" && rest.last == "%") else {
      throw Refusal(fault: .variableName)
    }
    guard !(rest.first == "<" && rest.last == ">"), !(rest.first == "{" && rest.last == "}") else {
      throw Refusal(fault: .placeholder)
    }
    return rest
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: "\u{FEFF}\u{200B}")))
  }

  /// Returns the text between two matching quotation marks, if there are any; a `;` after them ends a shell's line.
  private static func withoutQuotes(_ text: String) -> String {
    var inner = text[...]
    if inner.last == ";", let mark = inner.dropLast().last, quotes.contains(where: { $0.1 == mark }) {
      inner.removeLast()
    }
    guard inner.count >= 2, let first = inner.first, let last = inner.last,
      quotes.contains(where: { $0 == (first, last) })
    else { return text }
    return String(inner.dropFirst().dropLast())
  }

  /// Returns the text after `Bearer`, and after the header field's name before that.
  private static func withoutScheme(_ text: String) -> String {
    for word in ["authorization:", "bearer:", "bearer"] where text.lowercased().hasPrefix(word) {
      let rest = text.dropFirst(word.count)
      // A text such as "bearerabc" is a key with this beginning.
      if word.hasSuffix(":") || rest.isEmpty || rest.first?.isWhitespace == true { return String(rest) }
    }
    return text
  }

  /// Returns the value of an assignment.
  private static func withoutName(_ text: String) -> String {
    var assignment = text[...]
    var isCommand = false
    for word in ["export", "setenv", "set"] where assignment.lowercased().hasPrefix(word) {
      let rest = assignment.dropFirst(word.count)
      guard rest.first?.isWhitespace == true else { continue }
      assignment = rest.drop { $0.isWhitespace }
      isCommand = true
      break
    }
    if assignment.lowercased().hasPrefix("$env:") {
      assignment = assignment.dropFirst("$env:".count)
      isCommand = true
    }
    let name = assignment.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let behind = assignment[name.endIndex...].drop { $0 == " " || $0 == "\t" }
    guard let first = name.first, !first.isNumber, behind.first == "=" else { return text }
    let value = behind.dropFirst()
    // Padding of Base64, which ends some keys, is no assignment.
    guard let next = value.first, next != "=" else { return isCommand && !name.isEmpty ? String(value) : text }
    let lower = name.lowercased()
    let isName = isCommand || !name.contains { $0.isLowercase } || lower.contains("key") || lower.contains("token")
    return isName ? String(value) : text
  }
}
