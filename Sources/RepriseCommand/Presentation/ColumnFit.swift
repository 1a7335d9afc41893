/// Tables fitted into a window: where the rows are too wide, the widest column is shortened.
package enum ColumnFit {
  /// Computes the width of each column.
  ///
  /// - Parameters:
  ///   - natural: The width of the widest cell of each column.
  ///   - gap: The number of columns between two cells.
  ///   - window: The width of the window; `nil` if there is none, and nothing is shortened.
  ///   - least: The minimum width of a shortened column.
  /// - Returns: The widths.
  package static func widths(natural: [Int], gap: Int, window: Int?, least: Int = 8) -> [Int] {
    guard let window else { return natural }
    var widths = natural
    var excess = widths.reduce(0, +) + gap * max(0, widths.count - 1) - window
    while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// A reduction of a table that is too wide for the window.
  package enum Concession: Sendable {
    /// The cells of a column are shortened, to a width of at least `least`.
    case shortening(Int, least: Int)
    /// A column is left out.
    case omitting(Int)
  }

  /// Returns the rows as lines fitted into a window by one reduction after the other.
  ///
  /// - Parameters:
  ///   - rows: The cells of each row.
  ///   - gap: The number of columns between two cells.
  ///   - window: The width of the window; `nil` if there is none.
  ///   - concessions: The reductions in order of application. A column in none of them is never shortened.
  /// - Returns: The lines; `nil` if all reductions together do not suffice.
  package static func lines(
    _ rows: [[String]], gap: Int = 2, window: Int?, conceding concessions: [Concession]
  ) -> [String]? {
    var widths = natural(rows)
    var shown = Array(widths.indices)
    var excess: Int {
      window.map { shown.reduce(0) { $0 + widths[$1] } + gap * max(0, shown.count - 1) - $0 } ?? 0
    }
    for concession in concessions where excess > 0 {
      switch concession {
      case .shortening(let column, let least): widths[column] -= min(excess, max(0, widths[column] - least))
      case .omitting(let column): shown.removeAll { $0 == column }
      }
    }
    guard excess <= 0 else { return nil }
    return lines(rows.map { row in shown.map { row[$0] } }, widths: shown.map { widths[$0] }, gap: gap)
  }

  /// Returns the rows as lines, with cells shortened in the middle and without trailing spaces.
  package static func lines(_ rows: [[String]], gap: Int = 2, window: Int?) -> [String] {
    lines(rows, widths: widths(natural: natural(rows), gap: gap, window: window), gap: gap)
  }

  /// Returns the width of the widest cell of each column.
  private static func natural(_ rows: [[String]]) -> [Int] {
    rows.first?.indices.map { column in rows.map { TextWidth.of($0[column]) }.max() ?? 0 } ?? []
  }

  private static func lines(_ rows: [[String]], widths: [Int], gap: Int) -> [String] {
    rows.map { row in
      var line = row.indices.map { column in
        TextWidth.padded(TextWidth.shortened(row[column], width: widths[column], end: 0.66), widths[column])
      }.joined(separator: String(repeating: " ", count: gap))
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
