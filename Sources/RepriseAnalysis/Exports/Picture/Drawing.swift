/// A picture made of rectangles, vertical lines and text, independent of how it is stored.
struct Drawing: Sendable {
  /// A colour.
  struct Colour: Sendable, Hashable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    /// Creates a colour from its usual notation, 0xRRGGBB.
    init(_ code: Int) {
      red = UInt8(truncatingIfNeeded: code >> 16)
      green = UInt8(truncatingIfNeeded: code >> 8)
      blue = UInt8(truncatingIfNeeded: code)
    }

    /// The notation `#rrggbb`.
    var code: String {
      let value = Int(red) << 16 | Int(green) << 8 | Int(blue)
      return "#" + String(value + 0x100_0000, radix: 16).dropFirst()
    }
  }

  /// A vertical line.
  struct Column: Sendable {
    let x: Double
    let top: Double
    let bottom: Double
  }

  /// A part of the picture; later parts cover earlier ones.
  enum Shape: Sendable {
    /// A filled rectangle.
    case rectangle(x: Double, y: Double, width: Double, height: Double, Colour)
    /// Vertical lines of a width.
    case columns([Column], width: Double, Colour)
    /// A line of text from a point, with the baseline at `y`.
    case text(String, x: Double, y: Double, Colour)
  }

  /// Height of text in units: of its line, including descenders.
  static let lineHeight = 10.0
  /// Width of a character of text in units.
  static let characterWidth = 5.0

  let width: Int
  let height: Int
  /// Description of the picture for those who do not see it.
  var title = ""
  var shapes: [Shape] = []

  /// Adds a rectangle.
  mutating func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
    shapes.append(.rectangle(x: x, y: y, width: width, height: height, colour))
  }

  /// Adds text.
  mutating func write(_ text: String, x: Double, y: Double, _ colour: Colour) {
    shapes.append(.text(text, x: x, y: y, colour))
  }

  /// Returns the width of a text in units, if need be rounded up: East Asian characters take two places in most fonts.
  static func width(of text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) * characterWidth }
  }

  /// Returns a text, ending with an ellipsis in place of what does not fit into a width.
  static func shortened(_ text: String, to width: Double) -> String {
    guard Self.width(of: text) > width else { return text }
    var left = width - characterWidth
    let kept = text.prefix { character in
      left -= Self.width(of: String(character))
      return left >= 0
    }
    return kept + "…"
  }
}
