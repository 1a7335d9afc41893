/// Sentences in lines that fit a screen, so that the terminal breaks none of them in the middle of a word.
enum WrappedText {
  /// How far the second and later lines are set in.
  private static let indent = 4

  /// A text in lines of so many columns, broken at spaces; what has none is broken where the line ends.
  ///
  /// - Parameter columns: the screen's width, of which the last column stays free.
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
