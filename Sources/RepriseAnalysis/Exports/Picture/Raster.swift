import Foundation

/// A drawing as pixels, each an index of a colour.
struct Raster: Sendable {
  let width: Int
  let height: Int
  /// The colours in use, at most 256.
  private(set) var palette: [Drawing.Colour] = []
  /// Rows from the top, a byte a pixel.
  private(set) var pixels: [UInt8]

  private var indices: [Drawing.Colour: UInt8] = [:]

  /// Draws a picture.
  ///
  /// - Parameters:
  ///   - drawing: The picture.
  ///   - scale: The number of pixels a unit; text has its proper size at 2.
  init(_ drawing: Drawing, scale: Int = 2) {
    width = drawing.width * scale
    height = drawing.height * scale
    pixels = [UInt8](repeating: 0, count: width * height)
    let unit = Double(scale)
    for part in drawing.shapes {
      switch part {
      case .rectangle(let x, let y, let width, let height, let colour):
        fill(x * unit, y * unit, (x + width) * unit, (y + height) * unit, index(of: colour))
      case .columns(let columns, let width, let colour):
        let ink = index(of: colour)
        for column in columns {
          let left = (column.x - width / 2) * unit
          fill(left, column.top * unit, left + width * unit, column.bottom * unit, ink)
        }
      case .text(let text, let x, let y, let colour):
        write(text, x: Int((x * unit).rounded()), y: Int((y * unit).rounded()), index(of: colour))
      }
    }
  }

  /// Returns the index of a colour, adding it if it is new; a 257th colour becomes the first.
  private mutating func index(of colour: Drawing.Colour) -> UInt8 {
    if let index = indices[colour] { return index }
    guard palette.count < 256 else { return 0 }
    let index = UInt8(palette.count)
    palette.append(colour)
    indices[colour] = index
    return index
  }

  /// Fills the pixels of a rectangle, at least one in each direction unless it is empty.
  private mutating func fill(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ ink: UInt8) {
    guard right > left, bottom > top else { return }
    let (x0, y0) = (Int(left.rounded()), Int(top.rounded()))
    let (x1, y1) = (max(x0 + 1, Int(right.rounded())), max(y0 + 1, Int(bottom.rounded())))
    let columns = max(0, x0)..<max(max(0, x0), min(width, x1))
    for y in max(0, y0)..<max(max(0, y0), min(height, y1)) {
      for x in columns { pixels[y * width + x] = ink }
    }
  }

  /// Writes text from a point, with the baseline at `y`.
  private mutating func write(_ text: String, x: Int, y: Int, _ ink: UInt8) {
    var left = x
    // A letter with an accent is one character of the font.
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      guard left < width else { return }
      for (row, bits) in (PixelFont.rows(of: scalar) ?? []).enumerated() where bits != 0 {
        let line = y - PixelFont.ascent + row
        guard (0..<height).contains(line) else { continue }
        for column in 0..<PixelFont.width where bits & (1 << (PixelFont.width - 1 - column)) != 0 {
          if (0..<width).contains(left + column) { pixels[line * width + left + column] = ink }
        }
      }
      left += PixelFont.width
    }
  }
}
