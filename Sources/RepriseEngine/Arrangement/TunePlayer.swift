import RepriseAnalysis
import Foundation

/// Gives the melody to an instrument: at its original times, moved by octaves into range, with the notes of one breath
/// joined.
struct TunePlayer: Sendable {
  let analysis: Analysis
  let scale: Double
  let timeline: Timeline

  // Pauses shorter than this are a singer's consonants, not rests.
  private static let breath = 0.14

  func notes(range: ClosedRange<Int>) -> [Arrangement.Note] {
    let tune = analysis.melody.filter { $0.end > $0.start && (0...127).contains($0.pitch) }
    guard !tune.isEmpty else { return [] }
    let shift = Self.octaves(for: tune.map(\.pitch), range: range)
    var step = 0
    return tune.indices.map { index in
      let note = tune[index]
      let next = index + 1 < tune.count ? tune[index + 1].start : note.end + Self.breath
      let end = next - note.end < Self.breath && next > note.start ? next : note.end
      let start = note.start * scale
      while step + 1 < timeline.steps.count && timeline.steps[step + 1].start <= start { step += 1 }
      let level = timeline.steps.indices.contains(step) ? timeline.steps[step].level : 1
      let isOnBeat = timeline.steps.indices.contains(step) && timeline.steps[step].position.isMultiple(of: 4)
      var pitch = note.pitch + shift
      // A note that leaves the instrument turns back by an octave.
      while pitch > range.upperBound + 5 { pitch -= 12 }
      while pitch < range.lowerBound - 5 { pitch += 12 }
      return Arrangement.Note(
        time: start, duration: max(0.05, (end - note.start) * scale), pitch: pitch,
        velocity: Int((isOnBeat ? 106.0 : 98.0) * (0.8 + 0.2 * level)))
    }
  }

  // The octave that brings the most notes into the range; of equals the smallest move.
  private static func octaves(for pitches: [Int], range: ClosedRange<Int>) -> Int {
    let moves = [0, 12, -12, 24, -24]
    func fitting(_ move: Int) -> Int { pitches.count { range.contains($0 + move) } }
    return moves.reduce(0) { fitting($1) > fitting($0) ? $1 : $0 }
  }
}
