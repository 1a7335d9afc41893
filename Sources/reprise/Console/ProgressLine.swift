import Foundation

/// The line that a bar is drawn in: a stage, a bar, a share, a few words, and what is being worked at.
///
/// The words matter most, so the bar gives way to them, and the item gets what is left.
struct ProgressLine {
  let stage: String
  /// 0…1, or nil where nobody can tell.
  let share: Double?
  let detail: String
  let item: String

  /// The bar has at least and at most so many marks.
  private static let bars = (least: 6, most: 40)
  /// Columns that a bar leaves to an item, and below which an item says nothing.
  private static let (itemRoom, leastItem) = (20, 6)

  /// The line, at most so wide that it leaves the last column free.
  func text(columns: Int) -> String {
    let room = max(1, columns - 1)
    var line = stage.padding(toLength: max(stage.count, 10), withPad: " ", startingAt: 0)
    let words = detail.isEmpty ? "" : " " + detail
    if let share = share.map({ min(1, max(0, $0)) }) {
      let percent = String(format: "] %3d%%", Int((share * 100).rounded(.down)))
      let used = Self.width(of: line + " [" + percent + words) + (item.isEmpty ? 0 : Self.itemRoom)
      let marks = min(Self.bars.most, max(Self.bars.least, room - used))
      let full = Int((share * Double(marks)).rounded(.down))
      line += " [" + String(repeating: "#", count: full) + String(repeating: ".", count: marks - full) + percent
    }
    line = Self.beginning(of: line + words, width: room)
    let left = room - Self.width(of: line) - 1
    if !item.isEmpty && left >= Self.leastItem { line += " " + Self.shortened(item, width: left) }
    return line
  }

  /// A text in so many columns: what it begins and ends with tells most names apart.
  static func shortened(_ text: String, width: Int) -> String {
    if Self.width(of: text) <= width { return text }
    guard width > 2 else { return beginning(of: text, width: width) }
    let end = String(beginning(of: String(text.reversed()), width: (width - 1) / 2).reversed())
    return beginning(of: text, width: width - 1 - Self.width(of: end)) + "…" + end
  }

  private static func beginning(of text: String, width: Int) -> String {
    var left = width
    return String(
      text.prefix {
        left -= columns(of: $0)
        return left >= 0
      })
  }

  /// How many columns a text takes.
  static func width(of text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

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
