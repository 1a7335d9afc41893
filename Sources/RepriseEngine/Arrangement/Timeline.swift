import RepriseAnalysis
import Foundation

/// The reference's beats from beginning to end on the cover's timeline, with the chord and the level at each.
struct Timeline: Sendable {
  /// A sixteenth note of the timeline.
  struct Step: Sendable {
    let start: Double
    let end: Double
    /// Index of the sixteenth within its bar, from 0.
    let position: Int
    let bar: Int
    let chord: Triad?
    /// Level of the bar relative to the loudest, 0…1.
    let level: Double
  }

  let steps: [Step]
  let meter: Int
  /// Number of bars.
  let bars: Int
  /// End time of the last chord.
  let musicEnd: Double

  init(_ analysis: Analysis, scale: Double, swing: Double) {
    let meter = analysis.meter == 3 ? 3 : 4
    let beats = Self.filled(analysis.beats, tempo: analysis.tempo, seconds: analysis.seconds)
    let positions = Self.positions(of: beats, downbeats: analysis.downbeats, meter: meter)
    let levels = Self.levels(of: beats, positions: positions, analysis: analysis)
    var steps: [Step] = []
    var bar = 0
    var chordIndex = 0
    for index in beats.indices.dropLast() {
      if positions[index] == 0 && index > 0 { bar += 1 }
      let (start, length) = (beats[index], beats[index + 1] - beats[index])
      let middle = start + length / 2
      while chordIndex + 1 < analysis.chords.count && analysis.chords[chordIndex].end <= middle { chordIndex += 1 }
      let span = analysis.chords.indices.contains(chordIndex) ? analysis.chords[chordIndex] : nil
      let chord = span.flatMap { $0.start <= middle && middle < $0.end ? $0.chord?.triad : nil }
      let fractions = [0, swing / 2, swing, swing + (1 - swing) / 2, 1]
      for sixteenth in 0..<4 {
        steps.append(
          Step(
            start: (start + fractions[sixteenth] * length) * scale,
            end: (start + fractions[sixteenth + 1] * length) * scale,
            position: positions[index] * 4 + sixteenth, bar: bar, chord: chord, level: levels[index]))
      }
    }
    self.steps = steps
    self.meter = meter
    bars = bar + 1
    let last = analysis.chords.last { $0.chord != nil }?.end ?? analysis.seconds
    musicEnd = max(last, analysis.melody.last?.end ?? 0) * scale
  }

  // Beats go on evenly where the tracker had none: before the first, and up to the end.
  private static func filled(_ beats: [Double], tempo: Double, seconds: Double) -> [Double] {
    let period = 60 / max(30, min(300, tempo.isFinite ? tempo : 120))
    var result = beats.filter { $0 >= 0 && $0 < seconds }
    if result.isEmpty { result = [0] }
    while let first = result.first, first > 0.6 * period { result.insert(max(0, first - period), at: 0) }
    while let last = result.last, last < seconds - 0.4 * period { result.append(last + period) }
    if result.count < 2 { result.append((result.last ?? 0) + period) }
    return result
  }

  private static func positions(of beats: [Double], downbeats: [Double], meter: Int) -> [Int] {
    let firsts = beats.map { beat in downbeats.contains { abs($0 - beat) < 1e-6 } }
    var result = [Int](repeating: 0, count: beats.count)
    guard let first = firsts.firstIndex(of: true) else {
      return beats.indices.map { $0 % meter }
    }
    for index in 0..<first { result[index] = ((index - first) % meter + meter) % meter }
    for index in (first + 1)..<max(first + 1, beats.count) {
      result[index] = firsts[index] ? 0 : (result[index - 1] + 1) % meter
    }
    return result
  }

  // A bar's loudness is its beats' mean; a single loud beat is no reason for the drums to enter.
  private static func levels(of beats: [Double], positions: [Int], analysis: Analysis) -> [Double] {
    var raw: [Double] = []
    var next = 0
    for beat in beats {
      while next + 1 < analysis.beats.count && analysis.beats[next + 1] <= beat + 1e-6 { next += 1 }
      raw.append(analysis.levels.indices.contains(next) ? analysis.levels[next] : 1)
    }
    var result = raw
    var start = 0
    for index in 1...beats.count where index == beats.count || positions[index] == 0 {
      let mean = raw[start..<index].reduce(0, +) / Double(index - start)
      for beat in start..<index { result[beat] = mean }
      start = index
    }
    // Against a loud bar rather than the loudest beat.
    let sorted = result.sorted()
    let loud = sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
    return result.map { loud > 0 ? min(1, $0 / loud) : 0 }
  }
}
