package import RepriseAnalysis
import Foundation
import RepriseSystem

/// The text of an analysis: what was heard, then a chord sheet by sections and bars.
package struct AnalysisText: Sendable {
  /// Width of the window in columns; `nil` if there is none.
  let window: Int?
  /// `true` if doubts are coloured.
  let isColoured: Bool

  /// Creates a text for a window.
  package init(window: Int?, isColoured: Bool) { (self.window, self.isColoured) = (window, isColoured) }

  /// Sentence on a recording in which there is no music.
  static let noMusic = "no music was heard"

  /// Returns the lines of an analysis.
  package func lines(_ path: String, _ analysis: Analysis) -> [String] {
    let head = "\(Console.printable(path)): \(TimeText.text(analysis.seconds))"
    guard analysis.isMusic else {
      let share = String(format: "%.0f", (max(0, analysis.confidence.music) * 100).rounded(.down))
      return [head, "  " + paint("\(Self.noMusic) (\(share) % likely that there is some)")]
    }
    let sheet = LeadSheet(analysis)
    let facts = [
      ("tempo", tempo(analysis, sheet), analysis.confidence.beats), ("key", keys(analysis), analysis.confidence.key),
      ("melody", melody(analysis, sheet), analysis.confidence.melody),
    ]
    let described = facts.map { name, text, confidence in
      "  " + TextWidth.padded(name, 8) + text + (doubt(confidence).map { " " + paint("(\($0))") } ?? "")
    }
    return [head] + described + [""] + ChordSheetText(sheet, window: window).lines
  }

  /// Returns words for a low confidence; `nil` if it is not low.
  private func doubt(_ confidence: Double) -> String? {
    switch confidence {
    case ..<0.35: "a guess"
    case ..<0.65: "uncertain"
    default: nil
    }
  }

  private func paint(_ text: String) -> String { isColoured ? Colour.yellow.paint(text) : text }

  private func tempo(_ analysis: Analysis, _ sheet: LeadSheet) -> String {
    guard !analysis.beats.isEmpty else { return "no beats" }
    return "\(sheet.tempo.text), \(sheet.meter)/\(sheet.beatUnit), " + counted(analysis.beats.count, "beat")
  }

  private func keys(_ analysis: Analysis) -> String {
    analysis.keys.enumerated().map { index, span in
      KeySignature(span.key).name(.symbols) + (index > 0 ? " from \(Self.time(span.start))" : "")
    }.joined(separator: ", ")
  }

  /// Returns the number of notes and their range.
  private func melody(_ analysis: Analysis, _ sheet: LeadSheet) -> String {
    let count = counted(analysis.melody.count, "note")
    let pitches = analysis.melody.map(\.pitch)
    guard let lowest = pitches.min(), let highest = pitches.max() else { return count }
    let key = KeySignature(analysis.key)
    let names = [lowest, highest].map { pitch in
      let name = key.name(of: pitch % 12)
      return name.text(.symbols) + "\(name.octave(of: pitch))"
    }
    return "\(count), \(names[0]) to \(names[1])"
  }

  /// Returns a time as minutes, seconds and tenths: `1:02.5`.
  static func time(_ seconds: Double) -> String {
    String(TimeText.text((seconds * 10 + 0.001).rounded(.down) / 10).dropLast(2))
  }
}

/// A chord sheet as text: four bars a line, or fewer in a narrow window.
struct ChordSheetText {
  /// The lines.
  let lines: [String]

  /// A line of the sheet.
  private struct Row {
    var label: String
    var time: String
    var cells: [String]
  }

  /// Creates the text of a lead sheet.
  ///
  /// - Parameters:
  ///   - sheet: The lead sheet.
  ///   - window: The width of the window in columns; `nil` if there is none.
  init(_ sheet: LeadSheet, window: Int?) {
    let widths = [4, 2, 1]
    let texts = widths.map { Self.text(Self.rows(sheet, width: $0)) }
    let fitting = texts.first { lines in window.map { width in lines.allSatisfy { TextWidth.of($0) <= width } } ?? true
    }
    lines = fitting ?? texts[texts.count - 1]
  }

  private static func rows(_ sheet: LeadSheet, width: Int) -> [Row] {
    var rows: [Row] = []
    for bar in sheet.bars {
      if let section = bar.section {
        let label = Console.printable(section.label) + (section.isChorus ? " (chorus)" : "")
        rows.append(Row(label: label, time: AnalysisText.time(bar.start), cells: []))
      } else if rows.last.map({ $0.cells.count == width }) ?? true {
        rows.append(Row(label: "", time: AnalysisText.time(bar.start), cells: []))
      }
      rows[rows.count - 1].cells.append(cell(bar))
    }
    return rows
  }

  /// Returns the chords of a bar: one symbol if there is one chord, else a symbol or a point for each beat.
  private static func cell(_ bar: LeadSheet.Bar) -> String {
    let symbols = bar.chords.map { ChordSymbol.text($0, in: bar.key, .symbols) }
    guard Set(symbols).count > 1 else { return symbols.first ?? "" }
    return symbols.indices.map { $0 > 0 && symbols[$0] == symbols[$0 - 1] ? "." : symbols[$0] }.joined(separator: " ")
  }

  private static func text(_ rows: [Row]) -> [String] {
    let label = rows.map { TextWidth.of($0.label) }.max() ?? 0
    let time = rows.map { TextWidth.of($0.time) }.max() ?? 0
    let columns = rows.map(\.cells.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.cells.indices.contains(column) ? TextWidth.of($0.cells[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.cells.enumerated().map { TextWidth.padded($1, widths[$0]) }
      return "  " + TextWidth.padded(row.label, label) + "  " + TextWidth.aligned(row.time, time) + " | "
        + cells.joined(separator: " | ") + " |"
    }
  }
}
