/// What is written on a lead sheet: bars with their chords, by beats, and the melody, in sixteenth notes.
package struct LeadSheet: Sendable, Equatable {
  /// A note or a rest, or the part of it in one bar.
  package struct Note: Sendable, Equatable {
    /// First step in the bar, in sixteenth notes.
    package var start: Int
    /// Number of steps.
    package var length: Int
    /// MIDI note number; nil for a rest.
    package var pitch: Int?
    /// Name of the note, the same in all of its bars; nil for a rest.
    package var name: NoteName?
    /// `true` if the note began in the bar before.
    package var isContinued = false
    /// `true` if the note goes on in the next bar.
    package var continues = false
  }

  /// A bar.
  package struct Bar: Sendable, Equatable {
    /// Number of the bar, 1 for the first full bar, 0 for what precedes it.
    package var number: Int
    /// Start time in seconds.
    package var start: Double
    /// End time in seconds.
    package var end: Double
    /// Number of beats.
    package var beats: Int
    /// The key.
    package var key: KeySignature
    /// The section that begins with the bar.
    package var section: Analysis.Section?
    /// The chord of each beat; nil where there is none.
    package var chords: [Chord?]
    /// Notes and rests, which fill the bar.
    package var notes: [Note]

    /// Returns the beats at which the chord changes; the first beat is one of them if there is no bar before.
    package func changes(after previous: Bar?) -> [Int] {
      chords.indices.filter { beat in
        guard beat == 0 else { return chords[beat] != chords[beat - 1] }
        return previous?.chords.last.map { $0 != chords[0] } ?? true
      }
    }
  }

  /// The tempo.
  package let tempo: TempoMark
  /// Number of beats in a usual bar.
  package let meter: Int
  /// Note value of a beat as the lower number of a time signature.
  package let beatUnit: Int
  /// The bars, from the first beat that was heard, or the first note if that is before; never empty.
  package let bars: [Bar]

  /// `true` if even eighth notes are meant to be played long and short.
  package let isSwung: Bool

  /// Number of sixteenth notes in a beat.
  package var stepsPerBeat: Int { 16 / beatUnit }
  /// Number of sixteenth notes in a pulse: a beat, or three in bars of six.
  package var stepsPerPulse: Int { beatUnit == 8 ? 6 : 4 }

  /// Creates the lead sheet of an analysis.
  package init(_ analysis: Analysis) { self.init(analysis, grid: BarGrid(analysis)) }

  /// Creates the lead sheet of an analysis in given bars.
  init(_ analysis: Analysis, grid: BarGrid) {
    meter = grid.meter
    beatUnit = grid.beatUnit
    tempo = TempoMark(analysis, grid)
    let swing = Swing(analysis, on: grid)
    isSwung = swing != nil
    let melody = QuantizedNote.melody(of: analysis, on: grid, swing: swing)
    let chords = Self.chords(of: analysis, on: grid)
    let shown = Self.shown(grid, melody)
    var bars: [Bar] = []
    var number = shown.isPickup ? 0 : 1
    var section: Int?
    for beats in shown.bars {
      let (start, end) = (max(0, grid.times[beats.lowerBound]), grid.times[beats.upperBound])
      let middle = (start + end) / 2
      let here = analysis.sections.lastIndex { $0.start <= middle }
      let key = analysis.keys.last { $0.start <= middle }?.key ?? analysis.key
      let steps = beats.lowerBound * grid.stepsPerBeat..<beats.upperBound * grid.stepsPerBeat
      var bar = Bar(
        number: number, start: start, end: end, beats: beats.count, key: KeySignature(key),
        section: here == section ? nil : here.map { analysis.sections[$0] }, chords: Array(chords[beats]),
        notes: Self.notes(melody, in: steps))
      bar.nameNotes(stepsPerBeat: grid.stepsPerBeat, after: bars.last)
      bars.append(bar)
      section = here
      number += 1
    }
    self.bars = bars
  }

  /// Returns the bars from the first content to the last; a part of the first bar without content is left out.
  private static func shown(_ grid: BarGrid, _ melody: [QuantizedNote]) -> (bars: [Range<Int>], isPickup: Bool) {
    let heard = grid.heard.isEmpty ? 0..<grid.times.count - 1 : grid.heard
    let first = min(heard.lowerBound, (melody.first?.start ?? Int.max) / grid.stepsPerBeat)
    let last = max(heard.upperBound - 1, ((melody.last?.end ?? 0) - 1) / grid.stepsPerBeat)
    var bars = grid.bars.filter { $0.upperBound > first && $0.lowerBound <= last }
    guard let begin = bars.first else { return (Array(grid.bars.prefix(1)), false) }
    if begin.lowerBound < first { bars[0] = first..<begin.upperBound }
    return (bars, bars[0].count < grid.meter)
  }

  /// Returns the chord of each beat.
  private static func chords(of analysis: Analysis, on grid: BarGrid) -> [Chord?] {
    var result = [Chord?](repeating: nil, count: grid.times.count - 1)
    for span in analysis.chords where span.start.isFinite && span.end.isFinite && span.end > span.start {
      // What begins with the recording begins with its first beat, even if that is a part of one.
      let place = span.start > 0 ? grid.position(of: span.start) : 0
      let from = max(0, min(result.count, Int(place.rounded())))
      let to = max(from, min(result.count, Int(grid.position(of: max(0, span.end)).rounded())))
      for beat in from..<to { result[beat] = span.chord }
      // The last bar is written in full.
      if span == analysis.chords.last { for beat in to..<result.count { result[beat] = span.chord } }
    }
    return result
  }

  /// Returns the notes in a range of steps and the rests between them.
  private static func notes(_ melody: [QuantizedNote], in steps: Range<Int>) -> [Note] {
    let (first, last) = (steps.lowerBound, steps.upperBound)
    var result: [Note] = []
    var place = first
    for note in melody where note.end > first && note.start < last {
      let (start, end) = (max(first, note.start), min(last, note.end))
      if start > place { result.append(Note(start: place - first, length: start - place)) }
      result.append(
        Note(
          start: start - first, length: end - start, pitch: note.pitch, isContinued: note.start < first,
          continues: note.end > last))
      place = end
    }
    if place < last { result.append(Note(start: place - first, length: last - place)) }
    return result
  }
}

extension LeadSheet.Bar {
  /// Names the notes: a note of the chord by its place in the chord, another by the key, and one that goes on from the bar
  /// before as it is named there.
  fileprivate mutating func nameNotes(stepsPerBeat: Int, after previous: LeadSheet.Bar?) {
    for index in notes.indices {
      guard let pitch = notes[index].pitch?.modulo(12) else { continue }
      if notes[index].isContinued, let name = previous?.notes.last?.name {
        notes[index].name = name
        continue
      }
      let chord = chords[notes[index].start / stepsPerBeat]
      notes[index].name = chord.flatMap { ChordSymbol.name(of: pitch, within: $0, in: key) } ?? key.name(of: pitch)
    }
  }
}
