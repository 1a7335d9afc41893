/// A note of the melody on a grid of sixteenth notes.
struct QuantizedNote: Sendable, Equatable {
  /// First step, counted from the first beat of the grid.
  var start: Int
  /// Step after the last.
  var end: Int
  /// MIDI note number.
  var pitch: Int

  /// Returns the melody on the grid of a recording's beats: one voice without overlaps, each note at least a step long.
  ///
  /// Onsets and ends go to the nearest eighth note unless the sixteenth between two is clearly nearer (by a quarter of a
  /// step), since neither is exact, and a note ends where the next begins if only a sixteenth is left in between.
  /// Of two notes on the same step the second comes a step later if it is long enough; else it is left out.
  ///
  /// - Parameters:
  ///   - analysis: The analysis.
  ///   - grid: The beats.
  ///   - swing: The swing, which is taken out; nil if there is none.
  /// - Returns: The notes in order.
  static func melody(of analysis: Analysis, on grid: BarGrid, swing: Swing?) -> [QuantizedNote] {
    func step(of time: Double) -> Int {
      let place = grid.position(of: max(0, time))
      return Self.step(of: (swing?.written(place) ?? place) * Double(grid.stepsPerBeat))
    }
    let last = (grid.times.count - 1) * grid.stepsPerBeat
    var result: [QuantizedNote] = []
    let usable = analysis.melody.filter {
      $0.start.isFinite && $0.end.isFinite && $0.end > $0.start && (0...127).contains($0.pitch)
    }
    for note in usable.sorted(by: { $0.start < $1.start }) {
      var start = step(of: note.start)
      let end = min(last, max(start + 1, step(of: note.end)))
      if let previous = result.last, start <= previous.start {
        guard end > previous.start + 1 else { continue }
        start = previous.start + 1
      }
      guard start < end else { continue }
      if let previous = result.last, previous.end + 1 >= start { result[result.count - 1].end = start }
      result.append(QuantizedNote(start: start, end: end, pitch: note.pitch))
    }
    return result
  }

  /// Returns the step of a place in steps: an even one, which is an eighth note, unless the odd one is clearly nearer.
  private static func step(of place: Double) -> Int {
    let even = 2 * Int((place / 2).rounded())
    let distance = place - Double(even)
    guard abs(distance) > 0.625 else { return even }
    return even + (distance > 0 ? 1 : -1)
  }
}
