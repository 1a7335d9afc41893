/// An analysis as a Standard MIDI File of format 1 (RP-001): conductor, chords and melody.
///
/// Tick 0 is the beginning of the recording, and the tempo map has every beat at its time, so the file runs along with the
/// recording. Notes keep the times that were heard.
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
      Array("MThd".utf8) + MIDITrack.bigEndian(6, bytes: 4) + MIDITrack.bigEndian(1, bytes: 2)
      + MIDITrack.bigEndian(tracks.count, bytes: 2) + MIDITrack.bigEndian(Self.resolution, bytes: 2)
    bytes = header + tracks.flatMap { $0 }
  }
}

/// The tracks of an analysis.
private struct MIDITracks {
  let grid: BarGrid
  let analysis: Analysis

  /// Number of ticks in a beat.
  private var ticksPerBeat: Int { MIDIFile.resolution * 4 / grid.beatUnit }

  /// Returns the tick of a time.
  func tick(of time: Double) -> Int {
    guard time.isFinite else { return 0 }
    return Int((max(0, grid.position(of: max(0, time))) * Double(ticksPerBeat)).rounded())
  }

  /// Returns the track with tempo, time signatures, key signatures and the sections as markers.
  func conductor(title: String) -> MIDITrack {
    var track = MIDITrack()
    track.add(3, text: title, at: 0)
    addTempi(to: &track)
    var before: Int?
    for bar in grid.bars where bar.count != before {
      before = bar.count
      // The metronome clicks every beat, in bars of six every third; the last byte is the notated 32nds of a quarter.
      let clocks: UInt8 = grid.beatUnit == 8 ? 36 : 24
      track.add(
        meta: 0x58, [UInt8(min(255, bar.count)), grid.beatUnit == 8 ? 3 : 2, clocks, 8],
        at: bar.lowerBound * ticksPerBeat)
    }
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

  /// Adds the tempo of each beat, in microseconds a quarter note, so that rounding does not add up.
  private func addTempi(to track: inout MIDITrack) {
    let quarters = Double(grid.beatUnit) / 4
    var last: Int?
    var time = grid.times[0]
    for (index, next) in grid.times.dropFirst().enumerated() {
      let tempo = max(1, min(0xFF_FFFF, Int(((next - time) * quarters * 1e6).rounded())))
      time += Double(tempo) / 1e6 / quarters
      if tempo != last { track.add(meta: 0x51, MIDITrack.bigEndian(tempo, bytes: 3), at: index * ticksPerBeat) }
      last = tempo
    }
  }

  /// Returns the tick of the bar line nearest to a time, as where a section begins is no more exact.
  private func barTick(of time: Double) -> Int {
    guard time.isFinite, time > 0 else { return 0 }
    let position = grid.position(of: time)
    let bar = grid.bars.min { abs(Double($0.lowerBound) - position) < abs(Double($1.lowerBound) - position) }
    return (bar?.lowerBound ?? 0) * ticksPerBeat
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
