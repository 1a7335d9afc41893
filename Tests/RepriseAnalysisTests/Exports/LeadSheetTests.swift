import RepriseAnalysis
import Testing

@Suite("Bars, beats and notes of a lead sheet")
struct LeadSheetTests {
  @Test("bars cover the recording without gaps, and each beat that was heard is a beat", arguments: ExportSample.all)
  func grid(_ sample: ExportSample) throws {
    let analysis = sample.analysis
    let grid = BarGrid(analysis)
    let first = try #require(grid.times.first)
    #expect(first <= 0 && (first == 0 || grid.times[1] < -first), "a part of a beat in front is less than half of it")
    #expect((grid.times.last ?? 0) >= analysis.seconds - 0.001)
    #expect(zip(grid.times, grid.times.dropFirst()).allSatisfy { $0 < $1 })
    #expect(grid.bars.first?.lowerBound == 0 && grid.bars.last?.upperBound == grid.times.count - 1)
    #expect(zip(grid.bars, grid.bars.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(grid.bars.allSatisfy { !$0.isEmpty && $0.count < 2 * grid.meter })
    for beat in analysis.beats { #expect(grid.times.contains(beat)) }
    let starts = Set(grid.bars.map { grid.times[$0.lowerBound] })
    for downbeat in analysis.downbeats { #expect(starts.contains(downbeat), "no bar begins at \(downbeat)") }
    for time in stride(from: 0, to: analysis.seconds, by: 0.37) {
      let position = grid.position(of: time)
      let beat = Int(position)
      let back = grid.times[beat] + (position - Double(beat)) * (grid.times[beat + 1] - grid.times[beat])
      #expect(abs(back - time) < 1e-9)
    }
  }

  @Test("a pause without beats gets its beats, and a missed beat a bar of another length")
  func pauses() throws {
    let halves = Array(0..<8) + Array(12..<19) + Array(20..<24)
    let times = halves.map { Double($0) / 2 }
    let analysis = Analysis(
      seconds: 12, tempo: 120, meter: 4, key: Triad(root: 0, isMinor: false), beats: times,
      downbeats: [0, 2, 6, 8, 10], chords: [], melody: [], confidence: .init(), tuning: 0, levels: [])
    let grid = BarGrid(analysis)
    // The beat missing at 9.5 s is a gap of two beats.
    #expect(grid.times == (0...24).map { Double($0) / 2 })
    #expect(grid.bars == stride(from: 0, to: 24, by: 4).map { $0..<$0 + 4 })
  }

  @Test("beats before the first downbeat are a pickup, and silence before them is not written")
  func pickup() throws {
    let beats = (0..<10).map { 2.1 + Double($0) * 0.5 }
    let analysis = Analysis(
      seconds: 8, tempo: 120, meter: 4, key: Triad(root: 0, isMinor: false), beats: beats,
      downbeats: [beats[2], beats[6]], chords: [.init(start: 0, end: 8, chord: Chord("C:maj"))],
      melody: [.init(start: 2.6, end: 3.6, pitch: 60)], confidence: .init(), tuning: 0, levels: [])
    let sheet = LeadSheet(analysis)
    #expect(sheet.bars.map(\.number) == [0, 1, 2])
    #expect(sheet.bars.map(\.beats) == [2, 4, 4])
    #expect(sheet.bars[0].start == 2.1)
    let notes = sheet.bars.map { $0.notes.map { [$0.start, $0.length, $0.pitch ?? 0] } }
    #expect(notes == [[[0, 4, 0], [4, 4, 60]], [[0, 4, 60], [4, 12, 0]], [[0, 16, 0]]])
    #expect(sheet.bars[0].notes[1].continues && sheet.bars[1].notes[0].isContinued)
  }

  @Test(
    "notes and rests fill every bar and are the melody's, with one name over a bar line", arguments: ExportSample.all)
  func notes(_ sample: ExportSample) {
    let sheet = LeadSheet(sample.analysis)
    var written: [Int] = []
    for (index, bar) in sheet.bars.enumerated() {
      #expect(bar.chords.count == bar.beats)
      var place = 0
      for note in bar.notes {
        #expect(note.start == place && note.length > 0)
        place += note.length
        #expect((note.pitch == nil) == (note.name == nil))
        if let pitch = note.pitch, let name = note.name {
          #expect(name.pitchClass == pitch % 12)
          if note.isContinued {
            #expect(
              sheet.bars[index - 1].notes.last?.name == name && sheet.bars[index - 1].notes.last?.continues == true)
          } else {
            written.append(pitch)
          }
        }
      }
      #expect(place == bar.beats * sheet.stepsPerBeat)
    }
    var rest = sample.analysis.melody.map(\.pitch)[...]
    for pitch in written {
      guard let found = rest.firstIndex(of: pitch) else {
        Issue.record("\(pitch) is not in the melody")
        break
      }
      rest = rest[(found + 1)...]
    }
    #expect(Double(written.count) >= 0.7 * Double(sample.analysis.melody.count))
  }

  @Test("sections, keys and chords begin with the bars and beats where they were heard", arguments: ExportSample.all)
  func places(_ sample: ExportSample) throws {
    let (analysis, sheet) = (sample.analysis, LeadSheet(sample.analysis))
    for bar in sheet.bars {
      if let section = bar.section {
        #expect(abs(section.start - bar.start) <= bar.end - bar.start || bar == sheet.bars[0])
      }
      let middle = (bar.start + bar.end) / 2
      #expect(bar.key == KeySignature(analysis.keys.last { $0.start <= middle }?.key ?? analysis.key))
      // The chord that sounds in the middle of the beat, by the beats that were heard.
      let beat = (bar.end - bar.start) / Double(bar.beats)
      for (index, chord) in bar.chords.enumerated() where bar.beats >= sheet.meter && sample.name != "slip" {
        let time = bar.start + beat * (Double(index) + 0.5)
        guard time < analysis.seconds else { continue }
        let heard = analysis.chords.filter { $0.start - 0.05 * beat <= time && time <= $0.end + 0.05 * beat }
        #expect(
          heard.isEmpty && chord == nil || heard.contains { $0.chord == chord }, "beat \(index) of bar \(bar.number)")
      }
    }
    // Each section that contains the middle of a bar begins with the first of them, and no other does.
    let wanted = sheet.bars.compactMap { bar in
      analysis.sections.lastIndex { $0.start <= (bar.start + bar.end) / 2 }
    }
    let begun = wanted.enumerated().filter { $0.offset == 0 || wanted[$0.offset - 1] != $0.element }.map(\.element)
    #expect(sheet.bars.compactMap(\.section) == begun.map { analysis.sections[$0] })
    #expect(!begun.isEmpty)
  }

  @Test("chords of a sheet are those of the analysis, in order, each beginning with its beat")
  func chords() throws {
    let sheet = LeadSheet(ScoreTests.song)
    #expect(
      sheet.bars.map { $0.chords.map { $0?.description ?? "N" } } == [
        ["F:maj", "F:maj", "A#:maj7/3", "A#:maj7/3"], ["N", "N", "N", "N"],
      ])
    #expect(sheet.bars.map { $0.section?.label } == ["A", "B"])
  }

  @Test("values are single, in sum the length, and end with the pulse if they begin within it")
  func values() {
    for (pulse, bar) in [(4, 16), (4, 12), (6, 12), (4, 20)] {
      for start in 0..<bar {
        for length in 1...(bar - start) {
          let values = NoteValues.split(start: start, length: length, pulse: pulse, bar: bar)
          #expect(values.reduce(0, +) == length)
          #expect(values.allSatisfy { NoteValues.single.contains($0) })
          if start.isMultiple(of: pulse), NoteValues.single.contains(length), length <= pulse {
            #expect(values == [length])
          }
        }
      }
    }
    #expect(NoteValues.split(start: 0, length: 16, pulse: 4, bar: 16) == [16])
    #expect(NoteValues.split(start: 4, length: 8, pulse: 4, bar: 16) == [4, 4])
    #expect(NoteValues.split(start: 2, length: 4, pulse: 4, bar: 16) == [4])
    #expect(NoteValues.split(start: 6, length: 4, pulse: 4, bar: 16) == [2, 2])
    #expect(NoteValues.split(start: 3, length: 9, pulse: 6, bar: 12) == [3, 6])
  }

  @Test(
    "late offbeats are written as even eighths to be swung, dotted ones as they are",
    arguments: [
      (0.5, false, 2), (0.64, true, 2), (2.0 / 3, true, 2), (0.75, false, 3),
    ])
  func swing(_ offbeat: Double, _ isSwung: Bool, _ step: Int) {
    let beats = (0..<16).map { 1 + Double($0) / 2 }
    let onsets = beats.flatMap { [$0, $0 + offbeat / 2] }
    let ends = onsets.dropFirst() + [9]
    let analysis = Analysis(
      seconds: 9, tempo: 120, meter: 4, key: Triad(root: 0, isMinor: false), beats: beats,
      downbeats: stride(from: 0, to: 16, by: 4).map { beats[$0] }, chords: [],
      melody: zip(onsets, ends).map { .init(start: $0, end: $1, pitch: 60) }, confidence: .init(), tuning: 0, levels: []
    )
    let sheet = LeadSheet(analysis)
    #expect(sheet.isSwung == isSwung)
    #expect(sheet.bars.count == 4)
    for bar in sheet.bars { #expect(bar.notes.map { $0.start % 4 } == [0, step, 0, step, 0, step, 0, step]) }
    #expect(MusicXML(sheet, title: "").text.contains("<words>Swing</words>") == isSwung)
  }

  @Test("beats that are no times, and chords and notes that last no time, do no harm")
  func odd() throws {
    let analysis = Analysis(
      seconds: 9, tempo: .nan, meter: 0, key: Triad(root: 0, isMinor: false),
      beats: [-1, .nan, 1, 1, 1.0001, 2, 3, .infinity, 4, 99], downbeats: [.nan, 1, 77],
      chords: [.init(start: 2, end: 2, chord: Chord("C:maj")), .init(start: 3, end: .nan, chord: nil)],
      melody: [
        .init(start: 1, end: 1, pitch: 60), .init(start: 2, end: 3, pitch: 999), .init(start: .nan, end: 3, pitch: 60),
      ],
      confidence: .init(), tuning: 0, levels: [])
    let sheet = LeadSheet(analysis)
    #expect(sheet.bars.allSatisfy { $0.notes.allSatisfy { $0.pitch == nil } })
    for format in ExportFormat.allCases {
      #expect(try format.files(of: analysis, title: "").count == format.suffixes.count)
    }
  }
}
