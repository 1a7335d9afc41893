import RepriseAnalysis

/// Plays a style's patterns over the timeline.
struct PartPlayer: Sendable {
  let timeline: Timeline
  let key: Triad
  let sevenths: Bool

  /// A stroke of a pattern, with its time, duration and chord.
  struct Stroke: Sendable {
    let character: Character
    let time: Double
    var duration: Double
    let step: Int
    let chord: Triad
    let level: Double
  }

  /// Reads a pattern along the timeline.
  ///
  /// A hold lengthens the note before, a chord that changes under a hold is struck again, and where there is no chord
  /// there is no stroke.
  func strokes(_ pattern: Style.Pattern, fromLevel: Double) -> [Stroke] {
    let bar = pattern.steps(meter: timeline.meter)
    var result: [Stroke] = []
    var isHeld = false
    for (index, step) in timeline.steps.enumerated() {
      let character = bar[step.position % bar.count]
      guard let chord = step.chord, character != ".", step.level >= fromLevel else {
        isHeld = false
        continue
      }
      if character == "-", isHeld, let last = result.last, last.chord == chord {
        result[result.count - 1].duration = step.end - last.time
        continue
      }
      // A hold after a rest stays a rest, unless the pattern is nothing but holds.
      if character == "-", !isHeld, bar.contains(where: { $0 != "-" }), index > 0,
        timeline.steps[index - 1].chord != nil,
        timeline.steps[index - 1].level >= fromLevel
      {
        continue
      }
      result.append(
        Stroke(
          character: character, time: step.start, duration: step.end - step.start, step: index, chord: chord,
          level: step.level))
      isHeld = true
    }
    return result
  }

  func chords(_ part: Style.Part) -> [Arrangement.Note] {
    var voicing = Voicing(centre: part.centre, sevenths: sevenths, key: key)
    return strokes(part.pattern, fromLevel: part.fromLevel).flatMap { stroke in
      let velocity = Self.velocity(stroke.character == "x" ? 64 : 84, stroke)
      return voicing.notes(for: stroke.chord).enumerated().map { order, pitch in
        let delay = min(part.strum * Double(order), stroke.duration / 2)
        return Arrangement.Note(
          time: stroke.time + delay, duration: max(0.03, stroke.duration * part.gate - delay), pitch: pitch,
          velocity: velocity)
      }
    }
  }

  func arpeggio(_ part: Style.Part) -> [Arrangement.Note] {
    var voicing = Voicing(centre: part.centre, sevenths: sevenths, key: key)
    var sounding: (chord: Triad, notes: [Int])?
    return strokes(part.pattern, fromLevel: part.fromLevel).map { stroke in
      let notes: [Int]
      if let sounding, sounding.chord == stroke.chord {
        notes = sounding.notes
      } else {
        notes = voicing.notes(for: stroke.chord)
        sounding = (stroke.chord, notes)
      }
      let tone = stroke.character.wholeNumberValue ?? 0
      let pitch = notes[tone % notes.count] + 12 * (tone / notes.count)
      return Arrangement.Note(
        time: stroke.time, duration: max(0.03, stroke.duration * part.gate), pitch: pitch,
        velocity: Self.velocity(timeline.steps[stroke.step].position.isMultiple(of: 4) ? 80 : 68, stroke))
    }
  }

  func bass(_ part: Style.Part) -> [Arrangement.Note] {
    let strokes = strokes(part.pattern, fromLevel: part.fromLevel)
    return strokes.enumerated().map { index, stroke in
      let root = Voicing.nearest(stroke.chord.root, to: part.centre)
      let pitch: Int
      switch stroke.character {
      case "5": pitch = root + 7
      case "3": pitch = root + (stroke.chord.isMinor ? 3 : 4)
      case "8": pitch = root + 12
      case "W":
        let goal = index + 1 < strokes.count ? strokes[index + 1].chord.root : stroke.chord.root
        let next = Voicing.nearest(goal, to: part.centre)
        pitch = next > root ? next - 1 : next + 1
      default: pitch = root
      }
      return Arrangement.Note(
        time: stroke.time, duration: max(0.03, stroke.duration * part.gate), pitch: pitch,
        velocity: Self.velocity(stroke.character == "R" ? 92 : 84, stroke))
    }
  }

  /// Returns the drum notes of every bar in which the music sounds, with a snare fill in every eighth bar.
  func drums(_ drums: [Style.Drum]) -> [Arrangement.Note] {
    var result: [Arrangement.Note] = []
    for drum in drums {
      let bar = drum.pattern.steps(meter: timeline.meter)
      for step in timeline.steps where step.level >= max(0.05, drum.fromLevel) {
        guard let loudness = bar[step.position % bar.count].wholeNumberValue, loudness > 0 else { continue }
        let velocity = Int((20 + 11 * Double(loudness)) * (0.75 + 0.25 * step.level))
        result.append(.init(time: step.start, duration: 0.1, pitch: drum.key, velocity: min(127, velocity)))
      }
    }
    if let snare = drums.first(where: { [38, 40].contains($0.key) }) {
      let last = (timeline.meter - 1) * 4
      for step in timeline.steps where step.bar % 8 == 7 && step.position >= last && step.level >= 0.5 {
        result.append(
          .init(time: step.start, duration: 0.1, pitch: snare.key, velocity: 70 + 6 * (step.position - last)))
      }
    }
    return result.sorted { ($0.time, $0.pitch) < ($1.time, $1.pitch) }
  }

  private static func velocity(_ base: Int, _ stroke: Stroke) -> Int {
    max(1, min(127, Int(Double(base) * (0.72 + 0.28 * stroke.level))))
  }
}
