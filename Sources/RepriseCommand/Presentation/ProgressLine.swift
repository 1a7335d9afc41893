import Foundation

/// The line of a progress bar: stage, bar, share, a short text, and the current item.
///
/// The text has priority: the bar is shortened in its favour, and the item gets the remaining width.
struct ProgressLine {
  let stage: String
  /// Completed share, 0…1; `nil` if unknown.
  let share: Double?
  let detail: String
  let item: String

  /// Minimum and maximum number of marks of the bar.
  private static let bars = (least: 6, most: 40)
  /// Number of columns that the bar leaves to an item, and minimum width at which an item is shown.
  private static let (itemRoom, leastItem) = (20, 6)

  /// Returns the line, short enough to leave the last column free.
  func text(columns: Int) -> String {
    let room = max(1, columns - 1)
    var line = stage.padding(toLength: max(stage.count, 10), withPad: " ", startingAt: 0)
    let suffix = detail.isEmpty ? "" : " " + detail
    if let share = share.map({ min(1, max(0, $0)) }) {
      let percent = String(format: "] %3d%%", Int((share * 100).rounded(.down)))
      let used = TextWidth.of(line + " [" + percent + suffix) + (item.isEmpty ? 0 : Self.itemRoom)
      let marks = min(Self.bars.most, max(Self.bars.least, room - used))
      let full = Int((share * Double(marks)).rounded(.down))
      line += " [" + String(repeating: "#", count: full) + String(repeating: ".", count: marks - full) + percent
    }
    line = TextWidth.beginning(of: line + suffix, width: room)
    let left = room - TextWidth.of(line) - 1
    if !item.isEmpty && left >= Self.leastItem { line += " " + TextWidth.shortened(item, width: left) }
    return line
  }
}
