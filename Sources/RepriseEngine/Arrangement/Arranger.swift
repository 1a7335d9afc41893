import RepriseAnalysis
import Foundation

/// Writes a cover: the reference's melody, chords and timeline in another style.
///
/// The cover is a pure function of the arguments.
struct Arranger {
  /// The least `Analysis.Confidence.beats` at which anything is played on the beats.
  static let leastConfidence = 0.35

  let analysis: Analysis
  let requests: PromptInterpretation

  func arrange() -> Arrangement {
    let style = requests.style
    let timeScale = TimeScale(tempo: analysis.tempo, requests: requests)
    let followsPulse = analysis.confidence.beats >= Self.leastConfidence
    let timeline = Timeline(analysis, scale: timeScale.factor, swing: followsPulse ? style.swing : 0.5)
    let player = PartPlayer(timeline: timeline, key: analysis.key, sevenths: style.sevenths)
    var tracks = tune(style, scale: timeScale.factor, timeline: timeline)
    tracks += followsPulse ? pulsed(style, player) : held(style, player)
    var channel = 0
    for index in tracks.indices {
      if tracks[index].role == .drums {
        tracks[index].channel = 9
      } else {
        tracks[index].channel = channel
        channel += channel == 8 ? 2 : 1
      }
    }
    let length = analysis.seconds * timeScale.factor
    let longest = requests.beatsPerMinute == nil ? 1.24 : 1.49
    let tail = min(2.2, 0.2 * analysis.seconds, max(0.2, longest * analysis.seconds - length))
    Self.end(&tracks, at: timeline, key: analysis.key, length: length, tail: tail)
    return Arrangement(
      style: style.name, timeScale: timeScale.factor, seconds: length + tail,
      tracks: tracks.filter { !$0.notes.isEmpty }, notes: notes(timeScale, followsPulse: followsPulse))
  }

  private func tune(_ style: Style, scale: Double, timeline: Timeline) -> [Arrangement.Track] {
    var lead = style.lead
    var range = style.leadRange
    if let asked = requests.lead {
      lead.program = asked.program
      // The ranges in which instruments carry a melody; between them all melodies find an octave.
      range = [42, 57, 66, 71, 60].contains(asked.program) ? 48...79 : 57...88
    }
    let notes = TunePlayer(analysis: analysis, scale: scale, timeline: timeline).notes(range: range)
    var tracks = [Self.track(.melody, lead, notes)]
    if let doubling = style.doubling {
      // Only where the reference is loud, so that a chorus grows.
      let loud = notes.filter { note in
        (timeline.steps.last { $0.start <= note.time + 0.01 }?.level ?? 0) >= 0.8
      }
      tracks.append(
        Self.track(
          .doubling, doubling.voice,
          loud.map {
            .init(time: $0.time, duration: $0.duration, pitch: $0.pitch + doubling.interval, velocity: $0.velocity - 14)
          }))
    }
    return tracks
  }

  private func pulsed(_ style: Style, _ player: PartPlayer) -> [Arrangement.Track] {
    var tracks = style.chords.map { Self.track(.chords, $0.voice, player.chords($0)) }
    if let pad = style.pad { tracks.append(Self.track(.pad, pad.voice, player.chords(pad))) }
    if let part = style.arpeggio { tracks.append(Self.track(.arpeggio, part.voice, player.arpeggio(part))) }
    if let bass = style.bass { tracks.append(Self.track(.bass, bass.voice, player.bass(bass))) }
    if let kit = style.kit, !requests.noDrums {
      tracks.append(Self.track(.drums, kit, player.drums(style.drums)))
    }
    return tracks
  }

  // Without a pulse to trust: chords held from change to change, and nothing in between to be out of time.
  private func held(_ style: Style, _ player: PartPlayer) -> [Arrangement.Track] {
    let whole = Style.Pattern("----------------", "------------")
    var tracks: [Arrangement.Track] = []
    if var part = style.pad ?? style.chords.first ?? style.arpeggio {
      part.pattern = whole
      part.fromLevel = 0
      part.gate = 1
      tracks.append(Self.track(.pad, part.voice, player.chords(part)))
    }
    if var bass = style.bass {
      bass.pattern = whole
      bass.gate = 1
      tracks.append(Self.track(.bass, bass.voice, player.bass(bass)))
    }
    return tracks
  }

  private static func track(
    _ role: Arrangement.Role, _ voice: Style.Voice, _ notes: [Arrangement.Note]
  ) -> Arrangement.Track {
    .init(
      role: role, program: voice.program, channel: 0, volume: voice.volume, pan: voice.pan, reverb: voice.reverb,
      notes: notes)
  }

  // Notes that sound at the end ring on into the tail instead of stopping abruptly.
  private static func end(
    _ tracks: inout [Arrangement.Track], at timeline: Timeline, key: Triad, length: Double, tail: Double
  ) {
    for index in tracks.indices where tracks[index].role != .drums {
      tracks[index].notes.removeAll { $0.time >= length }
      let last = tracks[index].notes.map { $0.time + $0.duration }.max() ?? 0
      // Where the reference has fallen silent before its end, so has the cover.
      guard last > timeline.musicEnd - 0.35, timeline.musicEnd > length - 1.5 else { continue }
      for note in tracks[index].notes.indices {
        let end = tracks[index].notes[note].time + tracks[index].notes[note].duration
        if end > last - 0.1 { tracks[index].notes[note].duration += tail * 0.6 }
      }
    }
    for index in tracks.indices where tracks[index].role == .drums {
      tracks[index].notes.removeAll { $0.time >= min(length, timeline.musicEnd + 0.05) }
    }
  }

  private func notes(_ timeScale: TimeScale, followsPulse: Bool) -> [String] {
    var notes: [String] = []
    if requests.because.isEmpty {
      let known = StyleBook.all.map(\.name).joined(separator: ", ")
      notes.append("style: \(requests.style.name), as the prompt names none of: \(known)")
    } else {
      notes.append(
        "style: \(requests.style.name) (from \(requests.because.map { "\"\($0)\"" }.joined(separator: ", ")))")
    }
    if let lead = requests.lead { notes.append("lead: \(lead.word)") }
    if let note = timeScale.note { notes.append(note) }
    if !followsPulse { notes.append("the reference has no clear pulse: chords are held and there are no drums") }
    if analysis.melody.isEmpty {
      notes.append("no tune could be made out in the reference: the chords are played alone")
    }
    return notes
  }
}
