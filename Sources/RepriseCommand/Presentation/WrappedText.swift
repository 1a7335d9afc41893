/// Text wrapped to lines that fit a screen, so that the terminal breaks none in the middle of a word.
enum WrappedText {
  /// Indentation of the second and later lines.
  private static let indent = 4

  /// Returns a text in lines of at most `columns` columns, broken at spaces, or anywhere in longer words.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - columns: The width of the screen, of which the last column stays free.
  /// - Returns: The lines.
  static func lines(_ text: String, columns: Int) -> [String] {
    let room = max(indent + 8, columns - 1)
    var lines: [String] = []
    var line = ""
    var width = 0
    func end() {
      lines.append(line)
      line = String(repeating: " ", count: indent)
      width = indent
    }
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let own = TextWidth.of(String(word))
      let isAtBegin = line.allSatisfy { $0 == " " }
      if !isAtBegin, width + 1 + own > room {
        end()
      } else if !isAtBegin {
        line += " "
        width += 1
      }
      if width + own <= room {
        line += word
        width += own
        continue
      }
      for character in word {
        let columns = TextWidth.of(String(character))
        if width + columns > room, width > indent { end() }
        line.append(character)
        width += columns
      }
    }
    if !line.allSatisfy({ $0 == " " }) || lines.isEmpty { lines.append(line) }
    return lines
  }
}
