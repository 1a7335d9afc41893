import RepriseAudio
import RepriseAnalysis
import RepriseAudio
import RepriseEngine
import Foundation
import SyntheticMusic
import TestSupport
import Testing

@Suite("Arranging")
struct ArrangingTests {
  @Test(
    "the prompt's words choose the style",
    arguments: [
      ("A warm acoustic folk version with strummed guitar", "acoustic folk"),
      ("Epic orchestral film score", "orchestral"),
      ("80s synthwave, neon lights", "synthwave"), ("smoky JAZZ trio, brushed drums", "jazz trio"),
      ("loud punk rock!", "rock"), ("tender piano ballad", "piano ballad"), ("bossa nova on the beach", "bossa nova"),
      ("lo-fi hip hop to study to", "lo-fi"), ("8-bit video game music", "chiptune"),
      ("jazz, not rock, no synth", "jazz trio"), ("Rock. without any piano", "rock"),
    ])
  func style(prompt: String, style: String) {
    let arrangement = CoverEngine.arrange(SyntheticSong().analysis, prompt: prompt)
    #expect(arrangement.style == style)
    #expect(arrangement.notes.contains { $0.hasPrefix("style: \(style) (from ") })
  }

  @Test("unknown words take the default and say so", arguments: ["xyzzy plugh", "", "rocket synthesis", "🎵🎵🎵🎵🎵"])
  func unknown(prompt: String) {
    let arrangement = CoverEngine.arrange(SyntheticSong().analysis, prompt: prompt)
    #expect(arrangement.style == "acoustic folk")
    #expect(arrangement.notes.contains { $0.contains("names none of") })
  }

  static let styles = [
    "folk", "orchestral", "synthwave", "jazz", "rock", "piano", "bossa", "lofi", "chiptune",
  ]

  @Test("every style plays the reference's tune at its own times", arguments: styles)
  func tune(prompt: String) throws {
    let song = SyntheticSong()
    let arrangement = CoverEngine.arrange(song.analysis, prompt: prompt)
    let melody = try #require(arrangement.tracks.first { $0.role == .melody })
    #expect(melody.notes.count == song.melody.count)
    for (played, written) in zip(melody.notes, song.melody) {
      #expect(abs(played.time - written.start) < 1e-9)
      #expect((played.pitch - written.pitch) % 12 == 0)
    }
  }

  @Test("every style plays the reference's chords while they last", arguments: styles)
  func chords(prompt: String) {
    for song in SyntheticSong.several {
      let arrangement = CoverEngine.arrange(song.analysis, prompt: prompt)
      let accompaniment = arrangement.tracks.filter { [.chords, .pad, .arpeggio].contains($0.role) }
      var right = 0
      var all = 0
      for note in accompaniment.flatMap(\.notes) {
        guard
          let chord = song.chords.first(where: { $0.start <= note.time + 0.001 && note.time + 0.001 < $0.end })?.chord
        else { continue }
        all += 1
        if chord.pitchClasses.contains(note.pitch % 12) { right += 1 }
      }
      #expect(all > song.bars)
      // One of four is a seventh where the style has them.
      #expect(Double(right) / Double(all) > 0.74)
      let bass = arrangement.tracks.filter { $0.role == .bass }.flatMap(\.notes)
      for span in song.chords {
        let first = bass.first { abs($0.time - span.start) < 0.02 }
        #expect(first.map { $0.pitch % 12 } == span.chord?.root)
      }
    }
  }

  @Test("every style stays within MIDI and within its own length", arguments: styles)
  func ranges(prompt: String) {
    let arrangement = CoverEngine.arrange(SyntheticSong().analysis, prompt: prompt)
    #expect(Set(arrangement.tracks.map(\.channel)).count == arrangement.tracks.count)
    for track in arrangement.tracks {
      #expect((0...15).contains(track.channel) && (track.channel == 9) == (track.role == .drums))
      #expect((0...127).contains(track.program) && (0...127).contains(track.volume))
      #expect((-1...1).contains(track.pan) && (0...1).contains(track.reverb))
      for note in track.notes {
        #expect((0...127).contains(note.pitch) && (1...127).contains(note.velocity))
        #expect(note.time >= 0 && note.duration > 0 && note.time + note.duration <= arrangement.seconds + 0.5)
      }
    }
  }

  @Test(
    "a tempo asked for scales the timeline, by whichever octave is nearer",
    arguments: [
      ("synth 120 bpm", 100.0, 120.0), ("synth at 90BPM", 100, 90), ("synth 180 bpm", 200, 180), ("55 bpm", 50, 55),
    ])
  func tempo(prompt: String, before: Double, after: Double) throws {
    let factor = before / after
    let song = SyntheticSong(tempo: 100)
    let arrangement = CoverEngine.arrange(song.analysis, prompt: prompt)
    #expect(abs(arrangement.timeScale - factor) < 1e-9)
    let melody = try #require(arrangement.tracks.first { $0.role == .melody })
    #expect(abs((melody.notes.last?.time ?? 0) - (song.melody.last?.start ?? 1) * factor) < 1e-9)
    #expect(arrangement.notes.contains { $0.contains("bpm as asked") })
  }

  @Test(
    "a tempo too far away is met half-way, within 0.67 and 1.5 of the length, and that is said",
    arguments: [71.0, 141, 139, 72])
  func tempoLimits(wanted: Double) {
    let song = SyntheticSong(tempo: 100)
    let arrangement = CoverEngine.arrange(song.analysis, prompt: "rock \(Int(wanted)) bpm")
    #expect((0.67...1.5).contains(arrangement.seconds / song.seconds))
    #expect(arrangement.notes.contains { $0.hasPrefix("tempo: ") })
  }

  @Test(
    "without a tempo the length stays within 0.8 and 1.25 of the reference's",
    arguments: ["slow piano", "fast rock", "jazz"])
  func length(prompt: String) {
    for bars in [2, 16] {
      let song = SyntheticSong(bars: bars)
      #expect((0.8...1.25).contains(CoverEngine.arrange(song.analysis, prompt: prompt).seconds / song.seconds))
    }
  }

  @Test(
    "where the beats cannot be trusted there are no drums and chords begin only where they change", arguments: styles)
  func unsure(prompt: String) {
    let song = SyntheticSong()
    var analysis = song.analysis
    analysis.confidence.beats = 0.1
    let arrangement = CoverEngine.arrange(analysis, prompt: prompt)
    #expect(!arrangement.tracks.contains { $0.role == .drums })
    #expect(arrangement.notes.contains { $0.contains("no clear pulse") })
    let changes = song.chords.map(\.start)
    for track in arrangement.tracks where track.role == .pad || track.role == .bass {
      for note in track.notes { #expect(changes.contains { abs($0 - note.time) < 0.1 }) }
    }
  }

  @Test("drums can be refused and a leading instrument asked for")
  func requests() {
    let arrangement = CoverEngine.arrange(SyntheticSong().analysis, prompt: "rock with a violin lead, no drums")
    #expect(arrangement.style == "rock")
    #expect(!arrangement.tracks.contains { $0.role == .drums })
    #expect(arrangement.tracks.first { $0.role == .melody }?.program == 40)
    #expect(arrangement.notes.contains("lead: violin"))
    #expect(CoverEngine.arrange(SyntheticSong().analysis, prompt: "rock").tracks.contains { $0.role == .drums })
  }

  @Test("an analysis with next to nothing in it still makes an arrangement, whatever its numbers")
  func poor() {
    var analysis = Analysis(
      seconds: 6, tempo: 0, meter: 0, key: Triad(root: 0, isMinor: false), beats: [], downbeats: [], chords: [],
      melody: [],
      confidence: .init(beats: 0), tuning: 0, levels: [])
    #expect(CoverEngine.arrange(analysis, prompt: "rock").notes.contains { $0.contains("no tune") })
    analysis.tempo = .nan
    analysis.meter = 900
    analysis.beats = [5.9, 5.95]
    analysis.levels = [0]
    #expect(CoverEngine.arrange(analysis, prompt: "jazz 120 bpm").seconds.isFinite)
  }

  @Test(
    "an odd signal that can be analysed is arranged to about its own length", .takesLong, arguments: OddSignal.allCases)
  func odd(signal: OddSignal) async throws {
    let audio = signal.audio
    let analysis: Analysis
    do {
      analysis = try await signal.heard()
    } catch AnalysisError.silent {
      return
    }
    let arrangement = CoverEngine.arrange(analysis, prompt: "rock")
    #expect((0.8...1.25).contains(arrangement.seconds / audio.seconds))
  }
}
