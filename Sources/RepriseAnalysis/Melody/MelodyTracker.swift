import Foundation

/// Follows the melody through the salience (Viterbi over pitches and silence) and cuts the path into notes.
struct MelodyTracker: Sendable {
  let notes: [Analysis.MelodyNote]

  private static let voicing: Float = 0.42
  private static let startStop: Float = 1.2
  private static let change: Float = 1.2
  private static let leap: Float = 0.1
  private static let shortest = 0.09
  // Rise of a held pitch's salience, and strength of the onset, above which the note counts as struck again: drums make
  // onsets all the time.
  private static let restrike: Float = 0.4
  private static let restrikeOnset: Float = 2
  private static let snapOnset: Float = 1

  /// Tracks the melody.
  ///
  /// - Parameters:
  ///   - salience: Salience of the candidate pitches.
  ///   - onsets: Onset envelope with the same frames as the salience.
  ///   - seconds: Duration of the recording.
  init(_ salience: MelodySalience, onsets: [Float], seconds: Double) {
    let path = Self.path(salience)
    notes = Self.notes(path, salience, onsets: onsets, seconds: seconds)
  }

  // A pitch's index for each frame, or −1 for silence.
  private static func path(_ salience: MelodySalience) -> [Int] {
    let width = MelodySalience.pitches.count
    let rest = width
    guard salience.frames > 0 else { return [] }
    var score = [Float](repeating: 0, count: width + 1)
    var next = score
    var back = [UInt8](repeating: 0, count: salience.frames * (width + 1))
    for frame in 0..<salience.frames {
      let base = frame * (width + 1)
      for state in 0..<width {
        var best = score[state]
        var from = state
        for other in 0..<width where other != state {
          let value = score[other] - change - leap * Float(abs(other - state))
          if value > best {
            best = value
            from = other
          }
        }
        if score[rest] - startStop > best {
          best = score[rest] - startStop
          from = rest
        }
        next[state] = best + salience.values[frame * width + state]
        back[base + state] = UInt8(from)
      }
      var best = score[rest]
      var from = rest
      for other in 0..<width where score[other] - startStop > best {
        best = score[other] - startStop
        from = other
      }
      next[rest] = best + voicing
      back[base + rest] = UInt8(from)
      swap(&score, &next)
    }
    var at = score.indices.max { score[$0] < score[$1] } ?? rest
    var path = [Int](repeating: -1, count: salience.frames)
    for frame in stride(from: salience.frames - 1, through: 0, by: -1) {
      path[frame] = at == rest ? -1 : at
      at = Int(back[frame * (width + 1) + at])
    }
    return path
  }

  private static func notes(
    _ path: [Int], _ salience: MelodySalience, onsets: [Float], seconds: Double
  ) -> [Analysis.MelodyNote] {
    let width = MelodySalience.pitches.count
    var result: [Analysis.MelodyNote] = []
    var start = 0
    while start < path.count {
      var end = start + 1
      while end < path.count && path[end] == path[start] { end += 1 }
      if path[start] >= 0 {
        let pitch = path[start]
        var cuts = [start]
        // The same pitch struck again: its own salience rises where there is an onset.
        var frame = start + 8
        while frame < end - 6 {
          let before = (2...5).map { salience.values[(frame - $0) * width + pitch] }.min() ?? 0
          let after = (1...4).map { salience.values[(frame + $0) * width + pitch] }.max() ?? 0
          let onset = frame < onsets.count ? onsets[max(0, frame - 2)...min(onsets.count - 1, frame + 2)].max() ?? 0 : 0
          if after > before + restrike && onset > restrikeOnset, frame - (cuts.last ?? 0) >= 8 {
            cuts.append(frame)
            frame += 6
          }
          frame += 1
        }
        for (index, cut) in cuts.enumerated() {
          let stop = index + 1 < cuts.count ? cuts[index + 1] : end
          let from = Double(snapped(cut, to: onsets, after: result.last)) / MelodySalience.rate
          let to = min(seconds, Double(stop) / MelodySalience.rate)
          if to - from >= shortest {
            if let last = result.last, last.end > from { result[result.count - 1].end = from }
            result.append(.init(start: from, end: to, pitch: MelodySalience.pitches.lowerBound + pitch))
          }
        }
      }
      start = end
    }
    return result
  }

  // A pitch is recognised a little after it began: where an onset lies just before, the note began there.
  private static func snapped(_ frame: Int, to onsets: [Float], after last: Analysis.MelodyNote?) -> Int {
    let earliest = max(0, frame - 5, last.map { Int(($0.start + shortest) * MelodySalience.rate) + 1 } ?? 0)
    guard earliest <= frame, frame + 1 < onsets.count else { return frame }
    let best = (earliest...(frame + 1)).max { onsets[$0] < onsets[$1] } ?? frame
    return onsets[best] > snapOnset ? best : frame
  }
}
