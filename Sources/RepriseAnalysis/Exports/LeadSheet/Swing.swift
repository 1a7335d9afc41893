/// The place of the second of two eighth notes in a beat, where it is late: swing, which is written in even notes.
struct Swing: Sendable, Equatable {
  /// Place of the second eighth as a share of the beat: 2/3 is a triplet's.
  let offbeat: Double

  /// Finds the swing of a melody; nil if eighths are even or there are too few to tell.
  ///
  /// The places are those of onsets well within a beat. Half of them are before the median, so single sixteenths do not
  /// matter; a dotted eighth with a sixteenth, 3/4, is no swing.
  init?(_ analysis: Analysis, on grid: BarGrid) {
    guard grid.beatUnit == 4 else { return nil }
    let places = analysis.melody.compactMap { note -> Double? in
      guard note.start.isFinite, note.start >= 0 else { return nil }
      let place = grid.position(of: note.start)
      let share = place - place.rounded(.down)
      return (0.35...0.85).contains(share) ? share : nil
    }.sorted()
    guard places.count >= 8, (0.58...0.71).contains(places[places.count / 2]) else { return nil }
    offbeat = places[places.count / 2]
  }

  /// Returns the place in beats at which an event is written.
  func written(_ place: Double) -> Double {
    let beat = place.rounded(.down)
    let share = place - beat
    return beat + (share < offbeat ? share / offbeat / 2 : 0.5 + (share - offbeat) / (1 - offbeat) / 2)
  }
}
