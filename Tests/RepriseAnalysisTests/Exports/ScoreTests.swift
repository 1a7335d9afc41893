import RepriseAnalysis
import Foundation
import Testing

@Suite("An analysis as MusicXML, ABC and ChordPro")
struct ScoreTests {
  /// Titles that need care.
  static let titles = ["", "a & b < c > \"d\" 'e'", "Zoë – 夜の歌", "}{ %{x} [y]", "tab\tline\nbell\u{7}"]

  /// Checks that tags are closed in the order in which they are opened, and returns the texts of elements by name.
  static func elements(_ xml: String) -> [(name: String, text: String)] {
    var open: [(name: String, text: String)] = []
    var result: [(name: String, text: String)] = []
    var rest = xml[...]
    while let start = rest.firstIndex(of: "<") {
      if !open.isEmpty { open[open.count - 1].text += rest[..<start] }
      guard let end = rest[start...].firstIndex(of: ">") else {
        Issue.record("a tag that does not end")
        return result
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasPrefix("!") { continue }
      let name = String(tag.drop { $0 == "/" }.prefix { $0 != " " && $0 != "/" })
      if tag.hasPrefix("/") {
        #expect(open.last?.name == name)
        if let closed = open.popLast() { result.append(closed) }
      } else if tag.hasSuffix("/") {
        result.append((name, ""))
      } else {
        open.append((name, ""))
      }
    }
    #expect(open.isEmpty)
    return result
  }

  @Test("measures are as long as their time signatures, and ties are closed", arguments: ExportSample.all)
  func musicXML(_ sample: ExportSample) throws {
    let sheet = LeadSheet(sample.analysis)
    let text = MusicXML(sheet, title: "x").text
    _ = Self.elements(text)
    let measures = text.components(separatedBy: "<measure ").dropFirst()
    #expect(measures.count == sheet.bars.count)
    var length = 0
    for (index, measure) in measures.enumerated() {
      let body = measure.components(separatedBy: "</measure>")[0]
      let elements = Self.elements("<measure " + body + "</measure>")
      if let beats = elements.first(where: { $0.name == "beats" }).flatMap({ Int($0.text) }),
        let unit = elements.first(where: { $0.name == "beat-type" }).flatMap({ Int($0.text) })
      {
        length = beats * 16 / unit
      }
      let sum = elements.filter { $0.name == "duration" }.compactMap { Int($0.text) }.reduce(0, +)
      #expect(sum == (sheet.bars[index].number == 0 ? sheet.bars[0].beats * sheet.stepsPerBeat : length))
    }
    let starts = text.components(separatedBy: #"<tie type="start"/>"#).count
    #expect(starts == text.components(separatedBy: #"<tie type="stop"/>"#).count)
  }

  @Test(
    "signs are drawn in MusicXML for what key and bar do not say, and sound as they are written",
    arguments: ExportSample.all)
  func signs(_ sample: ExportSample) throws {
    let sheet = LeadSheet(sample.analysis)
    let measures = MusicXML(sheet, title: "x").text.components(separatedBy: "<measure ").dropFirst()
    for (measure, bar) in zip(measures, sheet.bars) {
      // As a reader of the page has it: a sign holds in the bar for its line or space, a tied note keeps its own.
      var signs: [String: Int] = [:]
      for note in measure.components(separatedBy: "<note>").dropFirst() where note.contains("<pitch>") {
        func text(_ name: String) -> String? {
          note.components(separatedBy: "</note>")[0].components(separatedBy: "<\(name)>").dropFirst().first?
            .components(separatedBy: "<").first
        }
        let letter = try #require(text("step"))
        let place = try #require(text("octave")) + letter
        let alter = text("alter").flatMap { Int($0) } ?? 0
        if let sign = text("accidental") {
          let changes: [String: Int] = ["flat": -1, "natural": 0, "sharp": 1]
          let change: Int = try #require(changes[sign], "\(sign)")
          signs[place] = change
        } else if note.contains(#"<tie type="stop"/>"#) {
          continue
        }
        let step = try #require("CDEFGAB".firstIndex(of: Character(letter)))
        let read = signs[place] ?? bar.key.alterations["CDEFGAB".distance(from: "CDEFGAB".startIndex, to: step)]
        #expect(read == alter, "\(letter) in bar \(bar.number)")
      }
    }
  }

  @Test("a sign is drawn once in a bar, is taken back, warns in another octave, and is not repeated after a tie")
  func drawnSigns() {
    let pitches = [66, 66, 65, 77, 78, 66]
    let analysis = Analysis(
      seconds: 8, tempo: 60, meter: 4, key: Triad(root: 0, isMinor: false), beats: (0..<8).map(Double.init),
      downbeats: [0, 4], chords: [],
      melody: pitches.enumerated().map { place, pitch in
        // The fifth, F♯5, is held over the bar line and followed by F♯4.
        .init(start: [0, 1, 2, 3, 3.5, 5][place], end: [1, 2, 3, 3.5, 5, 8][place], pitch: pitch)
      }, confidence: .init(), tuning: 0, levels: [])
    let text = MusicXML(LeadSheet(analysis), title: "").text
    let notes = text.components(separatedBy: "<note>").dropFirst().map {
      $0.firstMatch(of: /<accidental>([a-z-]+)</)?.output.1 ?? ""
    }
    #expect(notes == ["sharp", "", "natural", "", "sharp", "", "sharp", ""])
  }

  @Test("chord symbols of MusicXML have root, kind, bass and place")
  func harmony() throws {
    let text = MusicXML(LeadSheet(Self.song), title: "x").text
    let parts = text.components(separatedBy: "<harmony>").dropFirst().map {
      $0.components(separatedBy: "</harmony>")[0]
    }
    #expect(
      parts == [
        #"<root><root-step>F</root-step></root><kind text="">major</kind>"#,
        "<root><root-step>B</root-step><root-alter>-1</root-alter></root><kind text=\"maj7\">major-seventh</kind>"
          + "<bass><bass-step>D</bass-step></bass><offset>8</offset>",
        #"<root><root-step text="">C</root-step></root><kind text="N.C.">none</kind>"#,
      ])
  }

  @Test("a title is kept in XML, without what XML does not allow", arguments: titles)
  func title(_ title: String) {
    let sheet = LeadSheet(Self.song)
    let found = Self.elements(MusicXML(sheet, title: title).text).first { $0.name == "work-title" }?.text
    let plain = (found ?? "").replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
    #expect(plain == title.replacing("\t", with: " ").replacing("\n", with: " ").replacing("\u{7}", with: "\u{FFFD}"))
  }

  @Test(
    "ABC keeps to the dialect: full bars of the lengths there are, at most four in a line, both voices alike",
    arguments: ExportSample.all)
  func abc(_ sample: ExportSample) throws {
    let sheet = LeadSheet(sample.analysis)
    let text = ABCNotation(sheet).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "X:1" && lines[1] == "T:" && lines[3] == "L:1/32")
    #expect(lines[5] == #"V: Vocal clef=treble name="Vocal Melody" snm="Vocal""#)
    #expect(lines[6] == #"V: Ins clef=treble name="Ins Melody" snm="Inst.""#)
    var length = sheet.meter * 32 / sheet.beatUnit
    var bars = ["Vocal": 0, "Ins": 0]
    var voice = ""
    var pitches: [Int] = []
    var key = sheet.bars[0].key
    for line in lines[8...] where !line.isEmpty && !line.hasPrefix("% ") {
      if line.hasPrefix("V: ") {
        voice = String(line.dropFirst(3))
      } else if line.hasPrefix("M:") {
        let numbers = line.dropFirst(2).split(separator: "/").compactMap { Int($0) }
        length = numbers[0] * 32 / numbers[1]
      } else if line.hasPrefix("K:") {
        key = try #require(sheet.bars.map(\.key).first { "K:" + $0.symbol(.letters) == line })
      } else {
        #expect(line.hasSuffix("|"))
        for bar in line.dropLast().split(separator: "|", omittingEmptySubsequences: false) {
          if bar.hasPrefix("Z") {
            bars[voice, default: 0] += Int(bar.dropFirst()) ?? 1
            continue
          }
          bars[voice, default: 0] += 1
          let notes = try ABCReader.notes(String(bar), key: key)
          #expect(notes.map(\.length).reduce(0, +) == length, "\(bar)")
          #expect(notes.allSatisfy { [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48].contains($0.length) })
          for note in notes where !note.isContinued { if let pitch = note.pitch { pitches.append(pitch) } }
        }
      }
    }
    #expect(bars == ["Vocal": sheet.bars.count, "Ins": sheet.bars.count])
    let begun = ABCReader.begun(sheet)
    #expect(pitches.count >= begun.count)
    #expect(ABCReader.withoutTies(text, pitches: pitches, begun: begun) == begun)
  }

  /// A short song: F for half a bar, B♭maj7/D, a bar without a chord; a note over the bar line.
  static let song = Analysis(
    seconds: 4, tempo: 120, meter: 4, key: Triad(root: 5, isMinor: false), beats: (0..<8).map { Double($0) / 2 },
    downbeats: [0, 2],
    chords: [
      .init(start: 0, end: 1, chord: Chord("F:maj")), .init(start: 1, end: 2, chord: Chord("A#:maj7/3")),
      .init(start: 2, end: 4, chord: nil),
    ],
    melody: [
      .init(start: 0, end: 1.5, pitch: 70), .init(start: 1.5, end: 2.5, pitch: 71), .init(start: 3, end: 4, pitch: 82),
    ],
    sections: [.init(start: 0, end: 2, label: "A"), .init(start: 2, end: 4, label: "B", isChorus: true)],
    confidence: .init(), tuning: 0, levels: [])

  @Test("a song in ABC")
  func songInABC() {
    #expect(
      ABCNotation(LeadSheet(Self.song)).text == """
        X:1
        T:
        M:4/4
        L:1/32
        Q:1/4=120
        V: Vocal clef=treble name="Vocal Melody" snm="Vocal"
        V: Ins clef=treble name="Ins Melody" snm="Inst."
        K:F
        % verse
        V: Vocal
        "F"B16-"Bbmaj7/D"B8=B8-|
        V: Ins
        Z|
        % chorus
        V: Vocal
        =B8z8_b16|
        V: Ins
        Z|

        """)
  }

  @Test("a song in ChordPro", arguments: titles)
  func songInChordPro(_ title: String) {
    let plain = [
      "}{ %{x} [y]": ")(  (x) (y)", "a & b < c > \"d\" 'e'": "a & b < c > 'd' 'e'",
      "tab\tline\nbell\u{7}": "tab line bell ",
    ]
    #expect(
      ChordPro(LeadSheet(Self.song), title: title, seconds: 4).text == """
        {title: \(plain[title] ?? title)}
        {key: F}
        {time: 4/4}
        {tempo: 120}
        {duration: 0:04}

        {start_of_grid: label="A" shape="4x4"}
        | F . Bbmaj7/D . |
        {end_of_grid}

        {start_of_grid: label="B (chorus)" shape="4x4"}
        | N.C. . . . |
        {end_of_grid}

        """)
  }

  @Test("label files have start, end and label, with tabs between")
  func labels() throws {
    let files = try ExportFormat.labels.files(of: Self.song, title: "x")
    let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.suffix, String(decoding: $0.bytes, as: UTF8.self)) })
    #expect(
      texts[".chords.lab"] == """
        0.000000\t1.000000\tF:maj
        1.000000\t2.000000\tA#:maj7/3
        2.000000\t4.000000\tN

        """)
    #expect(texts[".sections.lab"] == "0.000000\t2.000000\tA\n2.000000\t4.000000\tB\n")
    #expect(texts[".keys.lab"] == "0.000000\t4.000000\tF major\n")
    let beats = (texts[".beats.lab"] ?? "").split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
    #expect(beats == ["1", "2", "3", "4", "1", "2", "3", "4"])
    var pickup = Self.song
    pickup.downbeats = [1.5]
    #expect(LabelFiles.beats(of: pickup).split(separator: "\n").compactMap(\.last) == Array("23412345"))
  }

  @Test(
    "the tempo of bars of six is told in the beats that were heard, in every format alike",
    arguments: [
      ("two dotted beats", "♩. = 60.0", "<beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>60<", 60, 90),
      ("six beats", "♪ = 180.0", "<beat-unit>eighth</beat-unit><per-minute>180<", 180, 90),
    ])
  func sixEighths(_ name: String, _ words: String, _ mark: String, _ beats: Int, _ quarters: Int) throws {
    let analysis = try #require(ExportSample.all.first { $0.name == name }).analysis
    let sheet = LeadSheet(analysis)
    #expect(sheet.meter == 6 && sheet.beatUnit == 8 && sheet.tempo.text == words)
    #expect(ChordPro(sheet, title: "x", seconds: 1).text.contains("{time: 6/8}\n{tempo: \(beats)}"))
    #expect(ABCNotation(sheet).text.contains("M:6/8\nL:1/32\nQ:1/4=\(quarters)\n"))
    #expect(MusicXML(sheet, title: "x").text.contains(mark))
    #expect(SVG(Timeline(analysis, title: "x", waveform: .empty)).text.contains(words + "  ·  6/8"))
  }

  @Test("beats of bars of six are labelled by eighths, whether eighths or dotted quarters were heard")
  func labelsOfSix() throws {
    let dotted = try #require(ExportSample.all.first { $0.name == "two dotted beats" }).analysis
    #expect(dotted.beats.count == 33 && dotted.meter == 6)
    let numbers = LabelFiles.beats(of: dotted).split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
    #expect(numbers == (0..<99).map { "\(($0 + 3) % 6 + 1)" })
  }

  /// Where REPRISE_EXPORTS says that check_exports.py wants the exports.
  private static let oracles = ProcessInfo.processInfo.environment["REPRISE_EXPORTS"]

  @Test("exports are written for check_exports.py", .enabled(if: oracles != nil), arguments: ExportSample.all)
  func forOracles(_ sample: ExportSample) throws {
    let directory = try #require(Self.oracles)
    let stem = directory + "/" + sample.name.replacing(" ", with: "-").replacing("#", with: "s")
    try JSONEncoder().encode(sample.analysis).write(to: URL(fileURLWithPath: stem + ".json"))
    for format in ExportFormat.allCases {
      for file in try format.files(of: sample.analysis, title: "Zoë & <" + sample.name + ">") {
        try Data(file.bytes).write(to: URL(fileURLWithPath: stem + file.suffix))
        #expect(!file.bytes.isEmpty || file.suffix.hasSuffix(".lab"))
      }
    }
  }
}

/// A reader of the notes of a bar in ABC, after its rule that an accidental holds for its letter in all octaves.
enum ABCReader {
  struct Note {
    let pitch: Int?
    let length: Int
    /// `true` if the note before is tied to it in the same bar.
    let isContinued: Bool
  }

  static func notes(_ bar: String, key: KeySignature) throws -> [Note] {
    var alterations = key.alterations
    var result: [Note] = []
    var isTied = false
    for match in bar.matches(of: /"[^"]*"|(\^|_|=)?([A-Ga-gz])([,']*)(\d+)(-?)/) {
      guard let letter = match.output.2, let digits = match.output.4, let length = Int(digits) else { continue }
      if letter == "z" {
        result.append(Note(pitch: nil, length: length, isContinued: false))
        continue
      }
      let step = try #require("CDEFGAB".firstIndex(of: Character(letter.uppercased())))
      let place = "CDEFGAB".distance(from: "CDEFGAB".startIndex, to: step)
      if let sign = match.output.1 { alterations[place] = sign == "^" ? 1 : sign == "_" ? -1 : 0 }
      let marks = match.output.3 ?? ""
      let octave = (letter == letter.uppercased() ? 4 : 5) + marks.reduce(0) { $0 + ($1 == "'" ? 1 : -1) }
      let pitch = (octave + 1) * 12 + [0, 2, 4, 5, 7, 9, 11][place] + alterations[place]
      result.append(Note(pitch: pitch, length: length, isContinued: isTied))
      isTied = match.output.5 == "-"
    }
    let rest = bar.replacing(/"[^"]*"|(\^|_|=)?([A-Ga-gz])([,']*)(\d+)(-?)/, with: "")
    #expect(rest.isEmpty, "\(rest) in \(bar)")
    return result
  }

  /// Returns the pitches of the notes that begin in a lead sheet.
  static func begun(_ sheet: LeadSheet) -> [Int] {
    sheet.bars.flatMap { $0.notes.filter { !$0.isContinued }.compactMap(\.pitch) }
  }

  /// Returns the pitches without those at the beginning of a bar that continue a note of the bar before.
  static func withoutTies(_ text: String, pitches: [Int], begun: [Int]) -> [Int] {
    var result: [Int] = []
    var next = 0
    for pitch in pitches {
      if next < begun.count, begun[next] == pitch {
        result.append(pitch)
        next += 1
      } else {
        #expect(result.last == pitch, "a note that is not in the lead sheet")
      }
    }
    return result
  }
}
