import Foundation

/// An analysis as a picture: sections, waveform, beats, chords and melody above one axis of time.
package struct Timeline {
  /// The picture.
  let drawing: Drawing

  /// Creates the picture of an analysis.
  ///
  /// - Parameters:
  ///   - analysis: The analysis.
  ///   - title: The title.
  ///   - waveform: The outline of the recording; empty if there is none.
  package init(_ analysis: Analysis, title: String, waveform: Waveform) {
    drawing = TimelinePainter(analysis).drawing(title: title, waveform: waveform)
  }

  /// Returns the number of spans of a waveform that the picture of a recording shows, whose duration is in seconds.
  package static func columns(seconds: Double) -> Int { Int(TimelinePainter.width(seconds: seconds)) * 2 }
}

/// The lanes of a picture of an analysis.
private struct TimelinePainter {
  private static let margin = 30.0
  private static let separator = "  ·  "
  private static let ink = Drawing.Colour(0x202020)
  private static let faint = Drawing.Colour(0x909090)
  private static let line = Drawing.Colour(0xD8D8D8)
  private static let wave = Drawing.Colour(0x6B8FB5)
  private static let note = Drawing.Colour(0x2B5C8A)

  private let analysis: Analysis
  private let tempo: String
  private let seconds: Double
  private let width: Double

  init(_ analysis: Analysis) {
    let sheet = LeadSheet(analysis)
    let beats = analysis.beats.isEmpty ? "no beats" : sheet.tempo.text
    tempo = beats + Self.separator + "\(sheet.meter)/\(sheet.beatUnit)"
    self.analysis = analysis.inEighths
    seconds = analysis.seconds.isFinite ? max(1, analysis.seconds) : 1
    width = Self.width(seconds: seconds)
  }

  /// Returns the width of the axis: 16 units a second, within what viewers show.
  static func width(seconds: Double) -> Double {
    seconds.isFinite ? max(700, min(4000, (seconds * 16).rounded())) : 700
  }

  /// Number of units in a second.
  private var scale: Double { width / seconds }

  func drawing(title: String, waveform: Waveform) -> Drawing {
    var picture = Drawing(width: Int(width + 2 * Self.margin), height: 344, title: title)
    picture.fill(x: 0, y: 0, width: Double(picture.width), height: Double(picture.height), .init(0xFFFFFF))
    for (text, y) in [(title, 16.0), (facts, 30)] {
      picture.write(Drawing.shortened(text, to: width), x: Self.margin, y: y, Self.ink)
    }
    drawWaveform(waveform, in: &picture, y: 58)
    drawAxis(in: &picture, y: 322)
    // What is heard in noise or speech is no more than a guess.
    guard analysis.isMusic else { return picture }
    drawSections(in: &picture, y: 40)
    drawBeats(in: &picture, y: 132)
    drawChords(in: &picture, y: 148)
    drawMelody(in: &picture, y: 188)
    return picture
  }

  /// Tempo, meter and keys; the keys, of which there may be many, last.
  private var facts: String {
    guard analysis.isMusic else { return "no music was heard" }
    let keys = analysis.keys.reduce(into: [String]()) { names, span in
      let name = KeySignature(span.key).name(.symbols)
      if names.last != name { names.append(name) }
    }
    return tempo + Self.separator + keys.joined(separator: ", ")
  }

  private func x(_ time: Double) -> Double {
    Self.margin + (time.isFinite ? max(0, min(width, time * scale)) : 0)
  }

  private func drawSections(in picture: inout Drawing, y: Double) {
    let tints = [0xCFE3F5, 0xF8DDC4, 0xD6EBCF, 0xECD5E8, 0xF5EDBD, 0xCDE9E7, 0xE3DACF, 0xDCDCF2].map {
      Drawing.Colour($0)
    }
    var order: [String] = []
    for section in analysis.sections {
      if !order.contains(section.label) { order.append(section.label) }
      let (from, to) = (x(section.start), x(section.end))
      let tint = tints[(order.firstIndex(of: section.label) ?? 0) % tints.count]
      picture.fill(x: from, y: y, width: max(0, to - from - 1), height: 14, tint)
      let full = section.label + (section.isChorus ? " chorus" : "")
      let text = [full, section.label].first { Drawing.width(of: $0) + 6 <= to - from }
      if let text { picture.write(text, x: from + 3, y: y + 10, Self.ink) }
    }
  }

  private func drawWaveform(_ waveform: Waveform, in picture: inout Drawing, y: Double) {
    let middle = y + 35
    picture.fill(x: Self.margin, y: middle, width: x(seconds) - Self.margin, height: 0.5, Self.line)
    let step = (x(seconds) - Self.margin) / Double(max(1, waveform.highest.count))
    let columns = waveform.highest.indices.map { index in
      Drawing.Column(
        x: Self.margin + (Double(index) + 0.5) * step, top: middle - 34 * Double(waveform.highest[index]) - 0.25,
        bottom: middle - 34 * Double(waveform.lowest[index]) + 0.25)
    }
    picture.shapes.append(.columns(columns, width: max(0.5, step), Self.wave))
  }

  private func drawBeats(in picture: inout Drawing, y: Double) {
    let columns = analysis.beats.map { Drawing.Column(x: x($0), top: y + 6, bottom: y + 12) }
    picture.shapes.append(.columns(columns, width: 0.5, Self.faint))
    let bars = analysis.downbeats.map { Drawing.Column(x: x($0), top: y, bottom: y + 12) }
    picture.shapes.append(.columns(bars, width: 1, Self.ink))
  }

  private func drawChords(in picture: inout Drawing, y: Double) {
    let spans = analysis.chords.filter { $0.end > $0.start }
    for span in spans {
      let (from, to) = (x(span.start), x(span.end))
      picture.fill(
        x: from, y: y, width: max(0.5, to - from - 0.5), height: 32,
        span.chord.map { Self.tint(of: $0) } ?? Drawing.Colour(0xF0F0F0))
    }
    // Two rows of symbols, so that fewer have to be left out where chords are short.
    var free = [0.0, 0.0]
    for span in spans {
      guard let chord = span.chord, let row = free.indices.first(where: { free[$0] <= x(span.start) }) else { continue }
      let key = KeySignature(analysis.keys.last { $0.start <= span.start }?.key ?? analysis.key)
      let text = ChordSymbol(chord, in: key).text(.symbols)
      guard x(span.start) + 2 + Drawing.width(of: text) <= Double(picture.width) else { continue }
      picture.write(text, x: x(span.start) + 2, y: y + 12 + 15 * Double(row), Self.ink)
      free[row] = x(span.start) + 4 + Drawing.width(of: text)
    }
  }

  /// Returns the tint of a chord: neighbours on the circle of fifths are alike, and minor chords darker.
  private static func tint(of chord: Chord) -> Drawing.Colour {
    let hue = Double((chord.root * 7).modulo(12)) / 12 * 2 * Double.pi
    let level = chord.quality.isMinor ? 205.0 : 226.0
    let parts = [0, -2, 2].map { level + 24 * cos(hue + Double($0) * Double.pi / 3) }
    return Drawing.Colour(parts.reduce(0) { $0 << 8 | Int($1.rounded()) })
  }

  private func drawMelody(in picture: inout Drawing, y: Double) {
    let height = 128.0
    let notes = analysis.melody.filter { $0.start.isFinite && $0.end.isFinite && (0...127).contains($0.pitch) }
    let middle = notes.isEmpty ? 66 : ((notes.map(\.pitch).min() ?? 60) + (notes.map(\.pitch).max() ?? 72)) / 2
    let span = max(24, (notes.map { abs($0.pitch - middle) }.max() ?? 0) * 2 + 2)
    let lowest = middle - span / 2
    let row = height / Double(span + 1)
    func top(_ pitch: Int) -> Double { y + height - Double(pitch - lowest + 1) * row }
    for pitch in lowest...lowest + span where pitch.modulo(12) == 0 {
      picture.fill(x: Self.margin, y: top(pitch) + row, width: x(seconds) - Self.margin, height: 0.5, Self.line)
      picture.write("C\(pitch / 12 - 1)", x: 8, y: top(pitch) + row, Self.faint)
    }
    for note in notes {
      let (from, to) = (x(note.start), x(note.end))
      picture.fill(x: from, y: top(note.pitch), width: max(1, to - from), height: max(1.5, row), Self.note)
    }
  }

  private func drawAxis(in picture: inout Drawing, y: Double) {
    picture.fill(x: Self.margin, y: y, width: x(seconds) - Self.margin, height: 0.5, Self.ink)
    let step = [1, 2, 5, 10, 15, 30, 60, 120, 300].first { Double($0) * scale >= 60 } ?? 600
    for second in stride(from: 0, through: Int(seconds), by: step) {
      picture.fill(x: x(Double(second)), y: y, width: 0.5, height: 4, Self.ink)
      let text = "\(second / 60):" + String(second % 60 + 100).dropFirst()
      picture.write(text, x: x(Double(second)) + 2, y: y + 13, Self.ink)
    }
  }
}
