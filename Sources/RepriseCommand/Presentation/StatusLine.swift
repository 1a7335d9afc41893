import Synchronization

/// The one line at the foot of the screen that is drawn over and over; whatever else is written goes above it.
///
/// Nothing is drawn unless somebody shows a line, so off a terminal, where nobody does, it changes nothing.
enum StatusLine {
  private struct Drawn {
    var text = ""
    var width = 0
  }

  private static let drawn = Mutex(Drawn())

  /// Draws a line, over the one before; it must fit the screen.
  static func show(_ text: String) {
    drawn.withLock { drawn in
      let width = TextWidth.of(text)
      Console.draw("\r" + text + String(repeating: " ", count: max(0, drawn.width - width)))
      drawn = Drawn(text: text, width: width)
    }
  }

  /// Ends the line and leaves it on the screen.
  static func leave() {
    drawn.withLock { drawn in
      if drawn.width > 0 { Console.draw("\n") }
      drawn = Drawn()
    }
  }

  /// Takes the line away.
  static func erase() {
    drawn.withLock { drawn in
      takeAway(drawn)
      drawn = Drawn()
    }
  }

  /// Writes whole lines where the line stood, and draws it again below them.
  ///
  /// - Throws: what `write` throws.
  static func above<Failure: Error>(_ write: () throws(Failure) -> Void) throws(Failure) {
    try drawn.withLock { (drawn: inout Drawn) throws(Failure) in
      takeAway(drawn)
      defer { if drawn.width > 0 { Console.draw(drawn.text) } }
      try write()
    }
  }

  private static func takeAway(_ drawn: Drawn) {
    if drawn.width > 0 { Console.draw("\r" + String(repeating: " ", count: drawn.width) + "\r") }
  }
}
