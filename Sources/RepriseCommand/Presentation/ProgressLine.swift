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
      let used = TextWidth.of(line + " [" + percent + words) + (item.isEmpty ? 0 : Self.itemRoom)
      let marks = min(Self.bars.most, max(Self.bars.least, room - used))
      let full = Int((share * Double(marks)).rounded(.down))
      line += " [" + String(repeating: "#", count: full) + String(repeating: ".", count: marks - full) + percent
    }
    line = TextWidth.beginning(of: line + words, width: room)
    let left = room - TextWidth.of(line) - 1
    if !item.isEmpty && left >= Self.leastItem { line += " " + TextWidth.shortened(item, width: left) }
    return line
  }
}
