import Foundation

/// A chord sheet as ChordPro (https://www.chordpro.org/chordpro/): a grid of chords for each section, a cell for a beat.
package struct ChordPro {
  /// The text.
  package let text: String

  /// Number of bars in a line.
  private static let width = 4

  /// Creates the text of a lead sheet.
  ///
  /// - Parameters:
  ///   - sheet: The lead sheet.
  ///   - title: The title.
  ///   - seconds: Duration of the recording.
  package init(_ sheet: LeadSheet, title: String, seconds: Double) {
    var lines = [
      "{title: \(Self.plain(title))}", "{key: \(sheet.bars[0].key.symbol(.letters))}",
      "{time: \(sheet.meter)/\(sheet.beatUnit)}", "{tempo: \(Int(sheet.tempo.perMinute.rounded()))}",
      "{duration: \(Self.clock(seconds))}",
    ]
    var place = 0
    var key = sheet.bars[0].key
    while place < sheet.bars.count {
      let end = sheet.bars[(place + 1)...].firstIndex { $0.section != nil || $0.key != sheet.bars[place].key }
      let bars = sheet.bars[place..<(end ?? sheet.bars.count)]
      lines.append("")
      if let first = bars.first, first.key != key {
        key = first.key
        lines.append("{key: \(key.symbol(.letters))}")
      }
      let section = bars.first?.section
      let label = section.map { Self.plain($0.label) + ($0.isChorus ? " (chorus)" : "") }
      let shape = "shape=\"\(Self.width)x\(sheet.meter)\""
      lines.append("{start_of_grid: " + (label.map { "label=\"\($0)\" " } ?? "") + shape + "}")
      lines += Self.grid(bars)
      lines.append("{end_of_grid}")
      place = bars.endIndex
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Returns the lines of a grid.
  private static func grid(_ bars: ArraySlice<LeadSheet.Bar>) -> [String] {
    stride(from: bars.startIndex, to: bars.endIndex, by: width).map { first in
      let line = bars[first..<min(first + width, bars.endIndex)].map { bar in
        bar.chords.indices.map { beat in
          let isSame = beat > 0 && bar.chords[beat] == bar.chords[beat - 1]
          return isSame ? "." : ChordSymbol.text(bar.chords[beat], in: bar.key, .letters)
        }.joined(separator: " ")
      }
      return "| " + line.joined(separator: " | ") + " |"
    }
  }

  /// Returns a text without what has a meaning in a directive: braces, percent signs, quotes and line breaks.
  private static func plain(_ text: String) -> String {
    String(
      text.map { character in
        switch character {
        case "{", "[": "("
        case "}", "]": ")"
        case "\"": "'"
        case "%" where text.contains("%{"): " "
        case _ where character.unicodeScalars.contains { $0.properties.generalCategory == .control }: " "
        default: character
        }
      })
  }

  /// Returns a duration as minutes and seconds.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(max(0, min(1e6, seconds)).rounded())
    return "\(whole / 60):" + String(whole % 60 + 100).dropFirst()
  }
}
