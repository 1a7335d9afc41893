import Foundation

/// A drawing as Scalable Vector Graphics 1.1.
package struct SVG {
  /// The document.
  package let text: String

  /// Creates the picture of an analysis.
  package init(_ timeline: Timeline) { self.init(timeline.drawing) }

  init(_ drawing: Drawing) {
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(drawing.width)" height="\#(drawing.height)" "#
        + #"viewBox="0 0 \#(drawing.width) \#(drawing.height)" font-family="DejaVu Sans, Arial, sans-serif" "#
        + #"font-size="8.5">"#,
      "<title>\(XMLText.escaped(drawing.title))</title>",
    ]
    for part in drawing.shapes {
      switch part {
      case .rectangle(let x, let y, let width, let height, let colour):
        lines.append(
          "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" fill=\"\(colour.code)\"/>")
      case .columns(let columns, let width, let colour):
        guard !columns.isEmpty else { continue }
        let path = columns.map { "M\(Self.number($0.x)) \(Self.number($0.top))V\(Self.number($0.bottom))" }.joined()
        lines.append("<path d=\"\(path)\" stroke=\"\(colour.code)\" stroke-width=\"\(Self.number(width))\"/>")
      case .text(let text, let x, let y, let colour):
        lines.append(
          "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" fill=\"\(colour.code)\" xml:space=\"preserve\">"
            + "\(XMLText.escaped(text))</text>")
      }
    }
    lines.append("</svg>")
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Returns a number with at most two decimals.
  private static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    guard !hundredths.isMultiple(of: 100) else { return "\(hundredths / 100)" }
    let sign = hundredths < 0 ? "-" : ""
    let fraction = String(abs(hundredths) % 100 + 100).dropFirst()
    return "\(sign)\(abs(hundredths) / 100)." + (fraction.hasSuffix("0") ? fraction.dropLast() : fraction)
  }
}
