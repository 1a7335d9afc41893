/// The screen of a terminal after a program's output: a grid of cells, filled as ECMA-48 terminals do.
///
/// The screen interprets carriage return, line feed, backspace and the sequences that move the cursor, erase and
/// colour; text beyond the last column wraps to the next row, which is recorded.
package struct TerminalScreen {
  /// Its width in cells.
  package let columns: Int
  /// The rows that were ever reached, the oldest first; a cell that a wide character covers is empty.
  private var rows: [[String]] = [[]]
  private var row = 0
  private var column = 0
  /// The last column is filled, and the next character begins a row.
  private var isAtEnd = false
  /// Number of lines that wrapped to the next row.
  package private(set) var wraps = 0

  package init(columns: Int) { self.columns = columns }

  /// A screen on which a text was written.
  package init(columns: Int, showing text: String) {
    self.columns = columns
    write(text)
  }

  /// The rows as text, without spaces at their ends and without empty rows at the foot.
  package var lines: [String] {
    var lines = rows.map { cells in
      var text = cells.joined()
      while text.last == " " { text.removeLast() }
      return text
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  package mutating func write(_ text: String) {
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": move(to: 0)
      case "\n": down()
      case "\u{8}": move(to: max(0, column - 1))
      case "\u{1B}": sequence(&rest)
      default: put(scalar)
      }
    }
  }

  private mutating func move(to position: Int) {
    column = position
    isAtEnd = false
  }

  private mutating func down() {
    row += 1
    if row == rows.count { rows.append([]) }
    isAtEnd = false
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(of: scalar)
    guard width > 0 else {
      if column > 0, column <= rows[row].count { rows[row][column - 1].unicodeScalars.append(scalar) }
      return
    }
    if isAtEnd || column + width > columns {
      wraps += 1
      down()
      move(to: 0)
    }
    while rows[row].count < column + width { rows[row].append(" ") }
    rows[row][column] = String(scalar)
    if width == 2 { rows[row][column + 1] = "" }
    column += width
    if column >= columns {
      column = columns - 1
      isAtEnd = true
    }
  }

  /// `ESC [ numbers letter`.
  private mutating func sequence(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.first == "[" else { return }
    rest.removeFirst()
    var numbers = ""
    while let scalar = rest.popFirst() {
      guard scalar.properties.isAlphabetic else {
        numbers.unicodeScalars.append(scalar)
        continue
      }
      let number = Int(numbers)
      switch scalar {
      case "K":
        let from = number == 1 || number == 2 ? 0 : column
        let to = number == 1 ? column + 1 : columns
        for position in from..<max(from, to) where position < rows[row].count { rows[row][position] = " " }
      case "A": row = max(0, row - (number ?? 1))
      case "B": for _ in 0..<(number ?? 1) { down() }
      case "C": move(to: min(columns - 1, column + (number ?? 1)))
      case "D": move(to: max(0, column - (number ?? 1)))
      case "G": move(to: min(columns, max(1, number ?? 1)) - 1)
      default: break
      }
      return
    }
  }

  /// Cells that a character takes (Unicode's East Asian Width, as wcwidth(3) has it, for what these tests write).
  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
