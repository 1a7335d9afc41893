/// An analysis as a Standard MIDI File of format 1 (RP-001): conductor, chords and melody.
///
/// Tick 0 is the beginning of the recording, and the tempo map has every beat at its time, so the file runs along with the
/// recording. Notes keep the times that were heard. Where the recording begins within a beat, the part of the beat is a bar
/// of its own, to the nearest 128th note.
package struct MIDIFile {
  /// The bytes of the file.
  package let bytes: [UInt8]

  /// Ticks of a quarter note.
  package static let resolution = 480

  /// Creates the file of an analysis.
  package init(_ analysis: Analysis, title: String) {
    let writer = MIDITracks(grid: BarGrid(analysis), analysis: analysis)
    let end = writer.tick(of: analysis.seconds)
    let tracks = [writer.conductor(title: title), writer.chords(), writer.melody()].map { $0.chunk(endingAt: end) }
    let header =
      Array("MThd".utf8) + BigEndian.bytes(6, count: 4) + BigEndian.bytes(1, count: 2)
      + BigEndian.bytes(tracks.count, count: 2) + BigEndian.bytes(Self.resolution, count: 2)
    bytes = header + tracks.flatMap { $0 }
  }
}

/// The tracks of an analysis.
private struct MIDITracks {
  let grid: BarGrid
  let analysis: Analysis

  /// Number of ticks in a beat.
  private var ticksPerBeat: Int { MIDIFile.resolution * 4 / grid.beatUnit }

  /// Number of ticks in the first beat: fewer if the recording begins within it, a multiple of a 128th note.
  private var ticksOfFirstBeat: Int {
    guard grid.times[0] < 0 else { return ticksPerBeat }
    let share = grid.times[1] / (grid.times[1] - grid.times[0])
    let unit = MIDIFile.resolution / 32
    return unit * max(1, Int((share * Double(ticksPerBeat / unit)).rounded()))
  }

  /// Returns the tick at which a beat begins.
  private func tick(ofBeat index: Int) -> Int { index > 0 ? ticksOfFirstBeat + (index - 1) * ticksPerBeat : 0 }

  /// Returns the tick of a time.
  func tick(of time: Double) -> Int {
    guard time.isFinite, time > 0 else { return 0 }
    let position = grid.position(of: time)
    if position < 1 {
      let begin = max(0, grid.times[0])
      return Int(((time - begin) / (grid.times[1] - begin) * Double(ticksOfFirstBeat)).rounded())
    }
    return tick(ofBeat: 1) + Int(((position - 1) * Double(ticksPerBeat)).rounded())
  }

  /// Returns the track with tempo, time signatures, key signatures and the sections as markers.
  func conductor(title: String) -> MIDITrack {
    var track = MIDITrack()
    track.add(3, text: title, at: 0)
    addTempi(to: &track)
    addSignatures(to: &track)
    for span in analysis.keys {
      let key = KeySignature(span.key)
      track.add(
        meta: 0x59, [UInt8(bitPattern: Int8(key.accidentals)), key.isMinor ? 1 : 0], at: barTick(of: span.start))
    }
    for section in analysis.sections {
      track.add(6, text: section.label + (section.isChorus ? " (chorus)" : ""), at: barTick(of: section.start))
    }
    return track
  }

  /// Adds the time signatures; the part of a beat with which the recording begins has one of its own.
  private func addSignatures(to track: inout MIDITrack) {
    var bars = grid.bars
    if ticksOfFirstBeat < ticksPerBeat {
      // The fewest notes of a value from a quarter to a 128th.
      let whole = 4 * MIDIFile.resolution
      let power: UInt8 = (2...7).first { ticksOfFirstBeat.isMultiple(of: whole >> Int($0)) } ?? 7
      add(signature: ticksOfFirstBeat / (whole >> Int(power)), power: power, at: 0, to: &track)
      bars[0] = 1..<bars[0].upperBound
    }
    var before: Int?
    for bar in bars where !bar.isEmpty && bar.count != before {
      before = bar.count
      add(signature: bar.count, power: grid.beatUnit == 8 ? 3 : 2, at: tick(ofBeat: bar.lowerBound), to: &track)
    }
  }

  /// Adds a time signature whose lower number is a power of two.
  private func add(signature count: Int, power: UInt8, at tick: Int, to track: inout MIDITrack) {
    // The metronome clicks every beat that was heard; the last byte is the notated 32nds of a quarter.
    let clocks = UInt8(12 * TempoMark(analysis, grid).unit.eighths)
    track.add(meta: 0x58, [UInt8(min(255, count)), power, clocks, 8], at: tick)
  }

  /// Adds the tempo of each beat, in microseconds a quarter note, so that rounding does not add up.
  private func addTempi(to track: inout MIDITrack) {
    var last: Int?
    var time = max(0, grid.times[0])
    for (index, next) in grid.times.dropFirst().enumerated() {
      let quarters = Double(tick(ofBeat: index + 1) - tick(ofBeat: index)) / Double(MIDIFile.resolution)
      let tempo = max(1, min(0xFF_FFFF, Int(((next - time) / quarters * 1e6).rounded())))
      time += Double(tempo) / 1e6 * quarters
      if tempo != last { track.add(meta: 0x51, BigEndian.bytes(tempo, count: 3), at: tick(ofBeat: index)) }
      last = tempo
    }
  }

  /// Returns the tick of the bar line nearest to a time, as where a section begins is no more exact.
  private func barTick(of time: Double) -> Int {
    guard time.isFinite, time > 0 else { return 0 }
    let position = grid.position(of: time)
    let bar = grid.bars.min { abs(Double($0.lowerBound) - position) < abs(Double($1.lowerBound) - position) }
    return tick(ofBeat: bar?.lowerBound ?? 0)
  }

  /// Returns the track with the chords as block chords around middle C over their bass, each with its symbol as a text.
  func chords() -> MIDITrack {
    var track = MIDITrack()
    track.add(3, text: "Chords", at: 0)
    track.add(program: 0, channel: 0, at: 0)
    for span in analysis.chords where span.start.isFinite && span.end.isFinite && span.end > span.start {
      let start = tick(of: span.start)
      let key = KeySignature(analysis.keys.last { $0.start <= span.start }?.key ?? analysis.key)
      track.add(1, text: ChordSymbol.text(span.chord, in: key, .letters), at: start)
      guard let chord = span.chord else { continue }
      // From F♯3 to F4, where the triads of all roots are close to each other; the bass below, from E2 to D♯3.
      let notes = chord.pitchClasses.map { 54 + ($0 - 6).modulo(12) } + [40 + (chord.bass - 4).modulo(12)]
      for note in notes { track.add(note: note, from: start, to: tick(of: span.end), channel: 0, velocity: 64) }
    }
    return track
  }

  func melody() -> MIDITrack {
    var track = MIDITrack()
    track.add(3, text: "Melody", at: 0)
    track.add(program: 73, channel: 1, at: 0)
    for note in analysis.melody
    where note.start.isFinite && note.end.isFinite && note.end > note.start && (0...127).contains(note.pitch) {
      track.add(note: note.pitch, from: tick(of: note.start), to: tick(of: note.end), channel: 1, velocity: 90)
    }
    return track
  }
}
