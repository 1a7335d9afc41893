import Foundation

/// A lead sheet as MusicXML 4.0 (https://www.w3.org/2021/06/musicxml40/): one part with the melody, chord symbols, keys
/// and rehearsal marks.
package struct MusicXML {
  /// The document.
  package let text: String

  /// Creates the document of a lead sheet.
  package init(_ sheet: LeadSheet, title: String) {
    let measures = MusicXMLMeasures(sheet: sheet)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8" standalone="no"?>"#,
      #"<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "#
        + #""http://www.musicxml.org/dtds/partwise.dtd">"#,
      #"<score-partwise version="4.0">"#,
      "  <work><work-title>\(XMLText.escaped(title))</work-title></work>",
      "  <identification><encoding><software>Reprise</software></encoding></identification>",
      #"  <part-list><score-part id="P1"><part-name>Melody</part-name></score-part></part-list>"#,
      #"  <part id="P1">"#,
    ]
    for index in sheet.bars.indices { lines += measures.measure(index).map { "    " + $0 } }
    lines += ["  </part>", "</score-partwise>"]
    text = lines.joined(separator: "\n") + "\n"
  }
}

/// The measures of a lead sheet in MusicXML.
private struct MusicXMLMeasures {
  /// Divisions of a quarter note: sixteenths.
  private static let divisions = 4

  let sheet: LeadSheet

  /// Returns the lines of a measure.
  func measure(_ index: Int) -> [String] {
    let bar = sheet.bars[index]
    let previous = index > 0 ? sheet.bars[index - 1] : nil
    let implicit = bar.number == 0 ? #" implicit="yes""# : ""
    var lines = [#"<measure number="\#(bar.number)"\#(implicit)>"#]
    if isLineStart(index) { lines.append("  <print new-system=\"yes\"/>") }
    lines += attributes(bar, after: previous)
    if let section = bar.section {
      let label = XMLText.escaped(section.label + (section.isChorus ? " (chorus)" : ""))
      lines.append(
        #"  <direction placement="above"><direction-type><rehearsal>\#(label)</rehearsal></direction-type></direction>"#
      )
    }
    if previous == nil { lines += [tempo] + (sheet.isSwung ? [Self.swing] : []) }
    let pulse = sheet.stepsPerPulse
    let length = bar.beats * sheet.stepsPerBeat
    var changes = bar.changes(after: previous)[...]
    var accidentals = Accidentals(key: bar.key)
    for note in bar.notes {
      while let beat = changes.first, beat * sheet.stepsPerBeat < note.start + note.length {
        lines.append(harmony(bar, beat: beat, offset: beat * sheet.stepsPerBeat - note.start))
        changes.removeFirst()
      }
      lines += self.note(note, pulse: pulse, length: length, &accidentals)
    }
    if index == sheet.bars.count - 1 {
      lines.append(#"  <barline location="right"><bar-style>light-heavy</bar-style></barline>"#)
    }
    return lines + ["</measure>"]
  }

  /// Returns `true` if a bar begins a line other than the first: with a section, and every four bars from there.
  private func isLineStart(_ index: Int) -> Bool {
    // What precedes the first bar is no line of its own.
    guard index > 0, !(index == 1 && sheet.bars[0].number == 0) else { return false }
    let start = sheet.bars[...index].lastIndex { $0.section != nil } ?? 0
    let first = start == 0 && sheet.bars[0].number == 0 ? 1 : start
    return (index - first).isMultiple(of: 4)
  }

  /// Returns the lines of what changes with a bar: key and time signature, at first with the clef.
  private func attributes(_ bar: LeadSheet.Bar, after previous: LeadSheet.Bar?) -> [String] {
    let beats = bar.number == 0 ? sheet.meter : bar.beats
    // What precedes the first bar is counted in the time of the first.
    let before = previous.map { $0.number == 0 ? sheet.meter : $0.beats }
    var parts: [String] = []
    if previous == nil { parts.append("<divisions>\(Self.divisions)</divisions>") }
    if previous?.key != bar.key {
      parts.append(
        "<key><fifths>\(bar.key.accidentals)</fifths><mode>\(bar.key.isMinor ? "minor" : "major")</mode></key>")
    }
    if before != beats {
      parts.append("<time><beats>\(beats)</beats><beat-type>\(sheet.beatUnit)</beat-type></time>")
    }
    if previous == nil { parts.append("<clef><sign>G</sign><line>2</line></clef>") }
    return parts.isEmpty ? [] : ["  <attributes>" + parts.joined() + "</attributes>"]
  }

  /// Line with the tempo.
  private var tempo: String {
    let unit =
      switch sheet.tempo.unit {
      case .eighth: "<beat-unit>eighth</beat-unit>"
      case .quarter: "<beat-unit>quarter</beat-unit>"
      case .dottedQuarter: "<beat-unit>quarter</beat-unit><beat-unit-dot/>"
      }
    return "  <direction placement=\"above\"><direction-type><metronome>\(unit)"
      + "<per-minute>\(Self.number(sheet.tempo.perMinute))</per-minute></metronome>"
      + "</direction-type><sound tempo=\"\(Self.number(sheet.tempo.quarters))\"/></direction>"
  }

  /// Line with the direction to swing.
  private static let swing =
    "  <direction placement=\"above\"><direction-type><words>Swing</words></direction-type><sound><swing><first>2</first>"
    + "<second>1</second><swing-type>eighth</swing-type></swing></sound></direction>"

  /// Returns the line of a chord symbol.
  private func harmony(_ bar: LeadSheet.Bar, beat: Int, offset: Int) -> String {
    let place = offset > 0 ? "<offset>\(offset)</offset>" : ""
    guard let chord = bar.chords[beat] else {
      // A root is required, and not to be shown.
      return "  <harmony><root><root-step text=\"\">C</root-step></root><kind text=\"N.C.\">none</kind>"
        + "\(place)</harmony>"
    }
    let symbol = ChordSymbol(chord, in: bar.key)
    let bass = symbol.bass.map { "<bass>\(Self.pitch($0, "bass"))</bass>" } ?? ""
    return "  <harmony><root>\(Self.pitch(symbol.root, "root"))</root><kind text=\"\(symbol.quality.suffix)\">"
      + "\(symbol.quality.musicXMLKind)</kind>\(bass)\(place)</harmony>"
  }

  /// Returns the lines of a note or rest.
  private func note(
    _ note: LeadSheet.Note, pulse: Int, length: Int, _ accidentals: inout Accidentals
  ) -> [String] {
    guard let pitch = note.pitch, let name = note.name else {
      if note.length == length {
        return ["  <note><rest measure=\"yes\"/><duration>\(length)</duration><voice>1</voice></note>"]
      }
      return NoteValues.split(start: note.start, length: note.length, pulse: pulse, bar: length).map {
        "  <note><rest/><duration>\($0)</duration><voice>1</voice>\(Self.value($0))</note>"
      }
    }
    let alter = name.alteration == 0 ? "" : "<alter>\(name.alteration)</alter>"
    let octave = name.octave(of: pitch)
    let written = "<pitch><step>\(name.letter)</step>\(alter)<octave>\(octave)</octave></pitch>"
    // What is sounding already has no sign of its own.
    if note.isContinued { accidentals.keep(name) }
    let sign = note.isContinued ? nil : accidentals.written(before: name, octave: octave)
    let values = NoteValues.split(start: note.start, length: note.length, pulse: pulse, bar: length)
    return values.indices.map { index in
      var ties: [String] = []
      if index > 0 || note.isContinued { ties.append("stop") }
      if index < values.count - 1 || note.continues { ties.append("start") }
      let sounding = ties.map { "<tie type=\"\($0)\"/>" }.joined()
      let drawn = ties.map { "<tied type=\"\($0)\"/>" }.joined()
      return "  <note>\(written)<duration>\(values[index])</duration>\(sounding)<voice>1</voice>"
        + Self.value(values[index]) + (index == 0 ? Self.accidental(sign) : "")
        + (drawn.isEmpty ? "" : "<notations>\(drawn)</notations>") + "</note>"
    }
  }

  /// Returns the element of an accidental in semitones, 0 being a natural sign.
  private static func accidental(_ alteration: Int?) -> String {
    let names = [-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"]
    return alteration.flatMap { names[$0] }.map { "<accidental>\($0)</accidental>" } ?? ""
  }

  /// Returns the elements of a note value in sixteenths.
  private static func value(_ length: Int) -> String {
    switch length {
    case 24: "<type>whole</type><dot/>"
    case 16: "<type>whole</type>"
    case 12: "<type>half</type><dot/>"
    case 8: "<type>half</type>"
    case 6: "<type>quarter</type><dot/>"
    case 4: "<type>quarter</type>"
    case 3: "<type>eighth</type><dot/>"
    case 2: "<type>eighth</type>"
    default: "<type>16th</type>"
    }
  }

  /// Returns the elements of a name, such as `<root-step>B</root-step><root-alter>-1</root-alter>`.
  private static func pitch(_ name: NoteName, _ element: String) -> String {
    let alter = name.alteration == 0 ? "" : "<\(element)-alter>\(name.alteration)</\(element)-alter>"
    return "<\(element)-step>\(name.letter)</\(element)-step>" + alter
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}

extension Chord.Quality {
  /// The value of MusicXML's `kind`.
  var musicXMLKind: String {
    switch self {
    case .major: "major"
    case .minor: "minor"
    case .augmented: "augmented"
    case .diminished: "diminished"
    case .majorSixth: "major-sixth"
    case .minorSixth: "minor-sixth"
    case .dominantSeventh: "dominant"
    case .majorSeventh: "major-seventh"
    case .minorSeventh: "minor-seventh"
    case .minorMajorSeventh: "major-minor"
    case .diminishedSeventh: "diminished-seventh"
    case .halfDiminishedSeventh: "half-diminished"
    case .suspendedSecond: "suspended-second"
    case .suspendedFourth: "suspended-fourth"
    }
  }
}
