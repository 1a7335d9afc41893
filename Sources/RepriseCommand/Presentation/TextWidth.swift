/// How many columns of a terminal texts take, and texts cut to that.
public enum TextWidth {
  /// How many columns a text takes.
  public static func of(_ text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  /// The most of a text's beginning that fits.
  public static func beginning(of text: String, width: Int) -> String {
    var left = width
    return String(
      text.prefix {
        left -= columns(of: $0)
        return left >= 0
      })
  }

  /// A text in so many columns, its middle left out where it is longer.
  ///
  /// - Parameter share: the part of the room that the end of the text gets: a path's end tells most.
  public static func shortened(_ text: String, width: Int, end share: Double = 0.5) -> String {
    if of(text) <= width { return text }
    guard width > 1 else { return beginning(of: text, width: width) }
    let room = Int(Double(width - 1) * share)
    let end = String(beginning(of: String(text.reversed()), width: room).reversed())
    return beginning(of: text, width: width - 1 - of(end)) + "…" + end
  }

  /// A line broken between words so that no part is wider than `width`; later parts begin below the first one's text.
  public static func wrapped(_ line: String, width: Int) -> [String] {
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

  /// A text followed by blanks up to so many columns.
  public static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - of(text)))
  }

  /// Blanks and a text that ends in the last of so many columns.
  public static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - of(text))) + text
  }

  /// Chinese, Japanese, Korean and emoji take two columns; what is doubtful counts as two, so that no line wraps.
  ///
  /// A character of several that join, such as a family, counts each of them: not every terminal joins them.
  private static func columns(of character: Character) -> Int {
    character.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format:
      // This one makes what is before it an emoji, and wide.
      return scalar.value == 0xFE0F ? 1 : 0
    default:
      let isWide = (0x1100...0x115F).contains(scalar.value) || scalar.value >= 0x2E80
      return isWide || scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
