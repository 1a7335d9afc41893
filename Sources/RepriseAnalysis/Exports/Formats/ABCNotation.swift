import Foundation

/// A lead sheet as ABC 2.1 (https://abcnotation.com/wiki/abc:standard:v2.1), in the narrower form that models take which
/// sing or play from a score (YuE2, SheetSage2).
///
/// These read a fixed header with an empty title, the voices `Vocal` and `Ins`, groups of at most four bars a voice,
/// sections as comments, chord symbols in the first voice, and bars that are full. The melody is in `Vocal`; `Ins` rests.
/// Where there is no chord, no symbol is written, since they know none for it.
package struct ABCNotation {
  /// The text.
  package let text: String

  /// Length of a step, a sixteenth note, in units of `L:`.
  private static let unit = 2

  /// Creates the text of a lead sheet.
  package init(_ sheet: LeadSheet) {
    let names = SectionNames(sheet)
    var lines = [
      "X:1", "T:", "M:\(sheet.meter)/\(sheet.beatUnit)", "L:1/32",
      "Q:1/4=\(max(1, Int(sheet.tempo.quarters.rounded())))",
      #"V: Vocal clef=treble name="Vocal Melody" snm="Vocal""#, #"V: Ins clef=treble name="Ins Melody" snm="Inst.""#,
      "K:" + sheet.bars[0].key.symbol(.letters),
    ]
    var time = sheet.meter
    var key = sheet.bars[0].key
    var place = 0
    while place < sheet.bars.count {
      let group = Self.group(sheet, from: place)
      let first = sheet.bars[place]
      if let name = names.name(of: place) { lines.append("% " + name) }
      var fields: [String] = []
      let beats = Self.beats(first, sheet)
      if beats != time { fields.append("M:\(beats)/\(sheet.beatUnit)") }
      if first.key != key { fields.append("K:" + first.key.symbol(.letters)) }
      (time, key) = (beats, first.key)
      lines.append("V: Vocal")
      lines += fields
      lines.append(group.map { Self.bar(sheet, $0) + "|" }.joined())
      lines.append("V: Ins")
      lines += fields
      lines.append(group.count == 1 ? "Z|" : "Z\(group.count)|")
      place = group.upperBound
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Returns the bars of a line: four, or fewer where a section, a key or another time begins.
  private static func group(_ sheet: LeadSheet, from first: Int) -> Range<Int> {
    var end = first + 1
    while end < sheet.bars.count, end < first + 4, sheet.bars[end].section == nil,
      sheet.bars[end].key == sheet.bars[first].key, beats(sheet.bars[end], sheet) == beats(sheet.bars[first], sheet)
    { end += 1 }
    return first..<end
  }

  /// Returns the number of beats that a bar is written with: what precedes the first bar is written as a full one.
  private static func beats(_ bar: LeadSheet.Bar, _ sheet: LeadSheet) -> Int {
    bar.number == 0 ? sheet.meter : bar.beats
  }

  /// Returns the notes of a bar with its chord symbols.
  private static func bar(_ sheet: LeadSheet, _ index: Int) -> String {
    let bar = sheet.bars[index]
    let steps = sheet.stepsPerBeat
    let length = beats(bar, sheet) * steps
    let missing = length - bar.beats * steps
    let changes = bar.changes(after: index > 0 ? sheet.bars[index - 1] : nil)
    var accidentals = Accidentals(key: bar.key)
    var result = rests(from: 0, length: missing, in: length, pulse: sheet.stepsPerPulse)
    for note in bar.notes {
      let end = note.start + note.length
      // A chord symbol stands before a note or rest, which is divided there.
      let cuts = [note.start] + changes.map { $0 * steps }.filter { $0 > note.start && $0 < end } + [end]
      for (start, stop) in zip(cuts, cuts.dropFirst()) {
        if start.isMultiple(of: steps), changes.contains(start / steps), let chord = bar.chords[start / steps] {
          result += "\"" + ChordSymbol(chord, in: bar.key).text(.letters) + "\""
        }
        guard let pitch = note.pitch, let name = note.name else {
          result += rests(from: missing + start, length: stop - start, in: length, pulse: sheet.stepsPerPulse)
          continue
        }
        let values = NoteValues.split(
          start: missing + start, length: stop - start, pulse: sheet.stepsPerPulse, bar: length)
        for (place, value) in values.enumerated() {
          let goesOn = place < values.count - 1 || stop < end || note.continues
          result += Self.note(name, octave: name.octave(of: pitch), &accidentals)
          result += "\(value * unit)" + (goesOn ? "-" : "")
        }
      }
    }
    return result
  }

  /// Returns a note without its length.
  private static func note(_ name: NoteName, octave: Int, _ accidentals: inout Accidentals) -> String {
    let sign =
      switch accidentals.written(before: name, octave: octave) {
      case nil: ""
      case 0: "="
      case let alteration?: String(repeating: alteration < 0 ? "_" : "^", count: abs(alteration))
      }
    // C4 is C, C5 is c.
    let letter = octave > 4 ? name.letter.lowercased() : String(name.letter)
    let marks =
      octave > 4 ? String(repeating: "'", count: octave - 5) : String(repeating: ",", count: max(0, 4 - octave))
    return sign + letter + marks
  }

  private static func rests(from start: Int, length: Int, in bar: Int, pulse: Int) -> String {
    NoteValues.split(start: start, length: length, pulse: pulse, bar: bar).map { "z\($0 * unit)" }.joined()
  }
}

/// Names of sections as lyrics have them, guessed from the order and the melody.
private struct SectionNames {
  private var names: [Int: String] = [:]

  init(_ sheet: LeadSheet) {
    let starts = sheet.bars.indices.filter { sheet.bars[$0].section != nil }
    let parts = zip(starts, starts.dropFirst() + [sheet.bars.count]).map { $0..<$1 }
    let sung = parts.map { part in sheet.bars[part].contains { $0.notes.contains { $0.pitch != nil } } }
    var counts: [String: Int] = [:]
    for (part, isSung) in zip(parts, sung) where isSung {
      guard let section = sheet.bars[part.lowerBound].section, !section.isChorus else { continue }
      counts[section.label, default: 0] += 1
    }
    // The first of those that occur most often.
    let most = counts.values.max()
    let verse = parts.compactMap { sheet.bars[$0.lowerBound].section?.label }.first { counts[$0] == most }
    for (index, part) in parts.enumerated() {
      guard let section = sheet.bars[part.lowerBound].section else { continue }
      switch (sung[index], section.isChorus) {
      case (false, _):
        names[part.lowerBound] = index == 0 ? "intro" : index == parts.count - 1 ? "outro" : "instrumental"
      case (true, true): names[part.lowerBound] = "chorus"
      case (true, false): names[part.lowerBound] = section.label == verse ? "verse" : "bridge"
      }
    }
  }

  /// Returns the name of the section that begins with a bar; nil if none does.
  func name(of bar: Int) -> String? { names[bar] }
}
