import Synchronization

/// The one line at the foot of the screen that is drawn over and over; whatever else is written goes above it.
///
/// Nothing is drawn unless somebody shows a line, so off a terminal, where nobody does, it changes nothing.
enum StatusLine {
  /// Draws a line, over the one before; it must fit the screen.
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

  /// Takes the line away.
  static func erase() {
    CommandContext.current.screen.line.withLock { drawn in
      takeAway(drawn)
      drawn = Screen.Line()
    }
  }

  /// Writes whole lines where the line stood, and draws it again below them.
  ///
  /// - Throws: what `write` throws.
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
