/// The width of texts in columns of a terminal, and texts fitted to a width.
package enum TextWidth {
  /// Returns the number of columns of a text.
  package static func of(_ text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  /// Returns the longest prefix of a text that fits.
  package static func beginning(of text: String, width: Int) -> String {
    var left = width
    return String(
      text.prefix {
        left -= columns(of: $0)
        return left >= 0
      })
  }

  /// Returns a text that fits a width, with its middle left out if longer.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - width: The width in columns.
  ///   - share: The share of the width for the end of the text; the end of a path is the most informative part.
  /// - Returns: The text, shortened if necessary.
  package static func shortened(_ text: String, width: Int, end share: Double = 0.5) -> String {
    if of(text) <= width { return text }
    guard width > 1 else { return beginning(of: text, width: width) }
    let room = Int(Double(width - 1) * share)
    let end = String(beginning(of: String(text.reversed()), width: room).reversed())
    return beginning(of: text, width: width - 1 - of(end)) + "…" + end
  }

  /// Returns a line wrapped between words to at most `width` columns; continuation lines are aligned with the text of
  /// the first.
  package static func wrapped(_ line: String, width: Int) -> [String] {
    guard of(line) > width else { return [line] }
    let indent = String(line.prefix { $0 == " " })
    guard width > indent.count + 8 else { return [line] }
    var lines: [String] = []
    var current = indent
    for word in line.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false) {
      let isFirst = current == indent
      if !isFirst, of(current) + 1 + of(String(word)) > width {
        lines.append(current)
        current = indent + word
      } else {
        current += (isFirst ? "" : " ") + word
      }
    }
    return lines + [current]
  }

  /// Returns a text padded with trailing spaces to a width.
  package static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - of(text)))
  }

  /// Returns a text padded with leading spaces to a width.
  package static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - of(text))) + text
  }

  /// Returns the number of columns of a character: two for Chinese, Japanese, Korean, emoji, and doubtful cases, so
  /// that no line wraps.
  ///
  /// For a character joined of several, such as a family, each of these counts, as not every terminal joins them.
  private static func columns(of character: Character) -> Int {
    character.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format:
      // This variation selector turns the preceding scalar into a wide emoji.
      return scalar.value == 0xFE0F ? 1 : 0
    default:
      let isWide = (0x1100...0x115F).contains(scalar.value) || scalar.value >= 0x2E80
      return isWide || scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
