import Foundation
import RepriseAnalysis
import RepriseSystem
package import RepriseVerification

/// A picture of a likeness: the timelines of reference and cover, joined by the path, as SVG.
package enum LikenessPicture {
  private static let width = 960.0
  private static let margin = 24.0
  private static let bar = 34.0
  private static let top = 70.0
  private static let gap = 150.0

  /// Returns the SVG document.
  package static func svg(_ likeness: Likeness, reference: String, cover: String) -> String {
    let longest = max(1, likeness.referenceSeconds, likeness.coverSeconds)
    let scale = (width - 2 * margin) / longest
    func x(_ seconds: Double) -> Double { margin + seconds * scale }
    let below = top + bar + gap
    let height = below + bar + 50
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"\(n(width))\" height=\"\(n(height))\" fill=\"#ffffff\"/>",
    ]
    func text(_ x: Double, _ y: Double, _ content: String, _ anchor: String = "start") {
      lines.append(
        "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\" fill=\"#222222\">\(escaped(content))</text>")
    }
    func box(_ start: Double, _ end: Double, _ y: Double, _ colour: String, _ title: String) {
      lines.append(
        "<rect x=\"\(n(x(start)))\" y=\"\(n(y))\" width=\"\(n(max(0.5, (end - start) * scale)))\" height=\"\(n(bar))\" fill=\"\(colour)\""
          + " stroke=\"#ffffff\"><title>\(escaped(title))</title></rect>")
    }
    text(margin, 20, LikenessText.sentence(likeness))
    text(margin, top - 24, "reference: \(reference)")
    text(margin, height - 12, "cover: \(cover)")
    box(0, likeness.referenceSeconds, top, background, "reference")
    box(0, likeness.coverSeconds, below, background, "cover")
    for run in likeness.alignment?.path ?? [] {
      guard let first = run.first, let last = run.last else { continue }
      let outline =
        run.map { "\(n(x($0.reference))),\(n(top + bar))" } + run.reversed().map { "\(n(x($0.cover))),\(n(below))" }
      lines.append("<polygon points=\"\(outline.joined(separator: " "))\" fill=\"#4a90c2\" fill-opacity=\"0.15\"/>")
      for point in [first, last] {
        lines.append(
          "<line x1=\"\(n(x(point.reference)))\" y1=\"\(n(top + bar))\" x2=\"\(n(x(point.cover)))\" y2=\"\(n(below))\" stroke=\"#4a90c2\"/>"
        )
      }
    }
    for section in likeness.alignment?.sections ?? [] {
      let colour = colours[section.state] ?? background
      let name = section.isChorus ? "\(section.label) (chorus)" : section.label
      box(section.start, section.end, top, colour, "\(name): \(section.state.rawValue)")
      text(x((section.start + section.end) / 2), top + bar / 2 + 4, section.label, "middle")
      if let start = section.coverStart, let end = section.coverEnd, end > start {
        box(start, end, below, colour, "\(name): \(section.state.rawValue)")
        text(x((start + end) / 2), below + bar / 2 + 4, section.label, "middle")
      }
    }
    for span in likeness.alignment?.added ?? [] { box(span.lowerBound, span.upperBound, below, addedColour, "added") }
    ticks(longest).forEach { seconds in
      text(x(seconds), top - 6, TimeText.clock(.seconds(seconds)), "middle")
      text(x(seconds), below + bar + 15, TimeText.clock(.seconds(seconds)), "middle")
    }
    var place = width - margin
    let legend: [(String, String)] =
      [("added", addedColour)]
      + [Likeness.Section.State.missing, .repeated, .moved, .kept].map { ($0.rawValue, colours[$0] ?? background) }
    for (name, colour) in legend {
      place -= 78
      lines.append(
        "<rect x=\"\(n(place))\" y=\"\(n(height - 22))\" width=\"12\" height=\"12\" fill=\"\(colour)\"/>")
      text(place + 16, height - 12, name)
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private static let colours: [Likeness.Section.State: String] = [
    .kept: "#7bc47f", .moved: "#f2c14e", .repeated: "#6fb7d6", .missing: "#e07a6b",
  ]

  private static let addedColour = "#c9a6e0"
  private static let background = "#e4e4e4"

  private static func ticks(_ seconds: Double) -> [Double] {
    let step = [5.0, 10, 15, 30, 60, 120, 300, 600].first { seconds / $0 <= 14 } ?? 1200
    return Array(stride(from: 0, through: seconds, by: step))
  }

  private static func n(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func escaped(_ text: String) -> String { XMLText.escaped(Console.printable(text)) }

}
