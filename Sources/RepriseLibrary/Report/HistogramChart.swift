import RepriseAudio

/// A histogram as the page's template draws it: SVG, and the same numbers as a table.
struct HistogramChart {
  /// A verdict's part of a bin's column.
  struct Bar {
    let verdict: String
    let x, y, width, height: String
    let description: String
  }

  /// A limit of the service.
  struct Limit {
    let x: String
    let description: String
  }

  /// A text below or above the columns.
  struct Mark {
    let kind, x, y, anchor, text: String
  }

  /// A bin in the table.
  struct Row {
    let range: String
    let counts: [String]
  }

  let id, title, unit, remark, description: String
  let width = 360
  let height = 172
  let base = 148
  private(set) var bars: [Bar] = []
  private(set) var limits: [Limit] = []
  private(set) var marks: [Mark] = []
  private(set) var rows: [Row] = []

  /// The height of the tallest column, under the limits' names.
  private static let room = 130.0

  /// Draws a histogram.
  ///
  /// - Parameters:
  ///   - histogram: The histogram.
  ///   - id: The prefix of the elements' ids in the page.
  ///   - title: The chart's title.
  ///   - unit: The unit of the values.
  ///   - unknown: The text that follows the number of files without a value: "not measured".
  ///   - named: The limits of the service, which are edges of the histogram, each with its name.
  ///   - label: A closure that formats an edge's value.
  init(
    _ histogram: Histogram, id: String, title: String, unit: String, unknown: String,
    limits named: [(value: Double, name: String)], label: (Double) -> String
  ) {
    self.id = id
    self.title = title
    self.unit = unit
    let edges = histogram.edges
    let used = histogram.used
    let most = used.map { histogram.counts[$0].reduce(0, +) }.max() ?? 0
    let remarks = [
      most > 0 ? "tallest column: \(grouped(most))" : nil,
      histogram.unknown > 0 ? "\(grouped(histogram.unknown)) \(unknown)" : nil,
    ]
    remark = remarks.compactMap { $0 }.joined(separator: " · ")
    let step = Double(width) / Double(used.count)
    func range(_ bin: Int) -> String {
      if bin == 0 { return "under \(label(edges[0]))" }
      return bin == edges.count ? "from \(label(edges[bin - 1]))" : "\(label(edges[bin - 1])) to \(label(edges[bin]))"
    }
    var highest = used.lowerBound
    for (index, bin) in used.enumerated() {
      let counts = histogram.counts[bin]
      if counts.reduce(0, +) > histogram.counts[highest].reduce(0, +) { highest = bin }
      var top = Double(base)
      for (verdict, count) in zip(ReportTotals.verdictNames, counts) where count > 0 {
        // A minimum height, so that one file among thousands is visible.
        let height = max(1.5, Self.room * Double(count) / Double(most))
        top -= height
        bars.append(
          Bar(
            verdict: verdict, x: fixed(Double(index) * step + 1, decimals: 2), y: fixed(top, decimals: 2),
            width: fixed(step - 2, decimals: 2), height: fixed(height, decimals: 2),
            description: "\(range(bin)): \(grouped(count)) \(verdict)"))
      }
      rows.append(Row(range: range(bin), counts: counts.map(grouped)))
    }
    description =
      most > 0
      ? "Most files, \(grouped(most)), are \(range(highest)). All numbers are in the table below." : "No files."
    drawMarks(used, edges: edges, step: step, named: named, label: label)
  }

  /// Draws the edges' values, as many as fit, and the limits' lines and names.
  private mutating func drawMarks(
    _ used: Range<Int>, edges: [Double], step: Double, named: [(value: Double, name: String)],
    label: (Double) -> String
  ) {
    let stride = max(1, Int((46 / step).rounded(.up)))
    let inner = used.dropFirst()
    func isLimit(_ edge: Double) -> Bool { named.contains { $0.value == edge } }
    let limitBins = inner.filter { isLimit(edges[$0 - 1]) }
    for bin in inner {
      let edge = edges[bin - 1]
      let x = fixed(Double(bin - used.lowerBound) * step, decimals: 2)
      let hasRoom =
        (bin - used.lowerBound) % stride == 0 && !limitBins.contains { $0 != bin && abs($0 - bin) < stride }
      if isLimit(edge) || hasRoom {
        marks.append(
          Mark(kind: isLimit(edge) ? "all" : "some", x: x, y: "\(base + 16)", anchor: "middle", text: label(edge)))
      }
      for limit in named where limit.value == edge {
        limits.append(Limit(x: x, description: "\(limit.name): \(label(edge))"))
        let isFarRight = Double(bin - used.lowerBound) * step > Double(width) * 0.7
        let gap = isFarRight ? -4.0 : 4
        marks.append(
          Mark(
            kind: "all", x: fixed(Double(bin - used.lowerBound) * step + gap, decimals: 2), y: "12",
            anchor: isFarRight ? "end" : "start", text: limit.name))
      }
    }
  }
}
