/// Tables that fit into a window: where the rows are too wide, the widest column gives way.
public enum ColumnFit {
  /// The width of each column.
  ///
  /// - Parameters:
  ///   - natural: the width of the widest cell of each column.
  ///   - gap: columns between two cells.
  ///   - window: the width of the window; nil where there is none, and nothing is shortened.
  ///   - least: what no column is shortened below.
  public static func widths(natural: [Int], gap: Int, window: Int?, least: Int = 8) -> [Int] {
    guard let window else { return natural }
    var widths = natural
    var excess = widths.reduce(0, +) + gap * max(0, widths.count - 1) - window
    while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// The rows as lines, cells shortened in the middle, without blanks at the ends of lines.
  public static func lines(_ rows: [[String]], gap: Int = 2, window: Int?) -> [String] {
    guard let first = rows.first else { return [] }
    let natural = first.indices.map { column in rows.map { TextWidth.of($0[column]) }.max() ?? 0 }
    let widths = widths(natural: natural, gap: gap, window: window)
    return rows.map { row in
      var line = row.indices.map { column in
        TextWidth.padded(TextWidth.shortened(row[column], width: widths[column], end: 0.66), widths[column])
      }.joined(separator: String(repeating: " ", count: gap))
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
