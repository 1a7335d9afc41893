import Synchronization

/// The line at the bottom of the screen that is redrawn repeatedly; all other output appears above it.
///
/// Nothing is drawn until a line is shown, so that there is no effect without a terminal.
enum StatusLine {
  /// Draws a line over the previous one; it must fit the screen.
  static func show(_ text: String) {
    CommandContext.current.screen.line.withLock { drawn in
      let width = TextWidth.of(text)
      Console.draw("\r" + text + String(repeating: " ", count: max(0, drawn.width - width)))
      drawn = Screen.Line(text: text, width: width)
    }
  }

  /// Ends the line and leaves it on the screen.
  static func leave() {
    CommandContext.current.screen.line.withLock { drawn in
      if drawn.width > 0 { Console.draw("\n") }
      drawn = Screen.Line()
    }
  }

  /// Removes the line.
  static func erase() {
    CommandContext.current.screen.line.withLock { drawn in
      takeAway(drawn)
      drawn = Screen.Line()
    }
  }

  /// Writes complete lines at the position of the line, and redraws it below them.
  ///
  /// - Parameter write: A closure that writes the lines.
  /// - Throws: Any error thrown by `write`.
  static func above<Failure: Error>(_ write: () throws(Failure) -> Void) throws(Failure) {
    try CommandContext.current.screen.line.withLock { (drawn: inout Screen.Line) throws(Failure) in
      takeAway(drawn)
      defer { if drawn.width > 0 { Console.draw(drawn.text) } }
      try write()
    }
  }

  private static func takeAway(_ drawn: Screen.Line) {
    if drawn.width > 0 { Console.draw("\r" + String(repeating: " ", count: drawn.width) + "\r") }
  }
}
