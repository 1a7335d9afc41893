import Foundation
import RepriseSystem

/// Follows the melody through the evidence (Viterbi over pitches and rests) and cuts the path into notes.
///
/// The path is found twice: the first time tells the register in which the melody lies, which the second time holds
/// against notes of the accompaniment.
struct MelodyTracker: Sendable {
  /// The notes; none where they would be no melody.
  let notes: [Analysis.MelodyNote]
  /// Probability that the notes are a melody's and right, 0…1.
  let confidence: Double

  private static let width = MelodyEvidence.width
  // Neighbouring frames share most of their samples: their evidence counts only once in about five.
  private static let weight: Float = 0.2
  private static let startStop: Float = 1.2
  private static let change: Float = 1.2
  private static let leap: Float = 0.05
  private static let shortest = 0.09
  // Frames between two strokes of a pitch.
  private static let strokeGap = 8
  private static let onset: Float = 0.3
  // The windows of the spectra hear a note this much longer than it lasts, in seconds.
  private static let smear = 0.03

  /// Tracks the melody.
  ///
  /// - Parameters:
  ///   - evidence: What speaks for each pitch.
  ///   - seconds: Duration of the recording.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Throws: `CancellationError`.
  init(_ evidence: MelodyEvidence, seconds: Double, cancellation: Cancellation) throws {
    let first = try Self.path(evidence.scores(register: nil), frames: evidence.frames, cancellation)
    let register = Self.register(first)
    let scores = evidence.scores(register: register)
    let path = try Self.path(scores, frames: evidence.frames, cancellation)
    let found = Self.trimmed(Self.snapped(Self.notes(path, evidence), evidence), evidence, seconds: seconds)
    confidence = Self.confidence(found, scores, evidence)
    guard confidence >= Self.least else {
      notes = []
      return
    }
    notes = found.map { note in
      .init(
        start: Double(note.start) / MelodySalience.rate, end: note.end,
        pitch: MelodySalience.pitches.lowerBound + note.pitch)
    }
  }

  /// Lowest confidence with which notes are told.
  private static let least = 0.25

  // Three things make a melody: notes that stand out from the others of their time, that lie on the scale of semitones
  // (as those of speech, sirens and noise do not), and more than one pitch.
  private static func confidence(_ notes: [Note], _ scores: [Float], _ evidence: MelodyEvidence) -> Double {
    var margin = 0.0
    var deviation = 0.0
    var frames = 0.0
    for note in notes {
      let end = min(evidence.frames, Int((note.end * MelodySalience.rate).rounded()))
      for frame in note.start..<max(note.start, end) {
        let row = frame * width
        // The next best pitch, the neighbours left out; −9 is next to impossible.
        var other: Float = -9
        for pitch in 0..<width where abs(pitch - note.pitch) > 1 { other = max(other, scores[row + pitch]) }
        margin += Double(scores[row + note.pitch] - other)
        deviation += abs(Double(evidence.offsets[row + note.pitch])) / 5
        frames += 1
      }
    }
    guard frames > 0 else { return 0 }
    // On songs whose melody is known the share of right notes follows the margin about like this.
    let clarity = 1 - exp(-max(0, margin / frames) / 2.2)
    // Pitches that know nothing of semitones lie 0.24 from their middles in the mean.
    let tempered = 1 / (1 + exp((deviation / frames - 0.205) / 0.01))
    let pitches = Set(notes.map(\.pitch)).count
    return clarity * tempered * (1 - exp(-Double(pitches - 1) / 1.5))
  }

  // A pitch's index for each frame, or −1 for a rest.
  private static func path(_ scores: [Float], frames: Int, _ cancellation: Cancellation) throws -> [Int] {
    let rest = width
    guard frames > 0 else { return [] }
    var score = [Float](repeating: 0, count: width + 1)
    var next = score
    var back = [UInt8](repeating: 0, count: frames * (width + 1))
    for frame in 0..<frames {
      if frame.isMultiple(of: 1024) { try cancellation.check() }
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
        next[state] = best + weight * scores[frame * width + state]
        back[base + state] = UInt8(from)
      }
      var best = score[rest]
      var from = rest
      for other in 0..<width where score[other] - startStop > best {
        best = score[other] - startStop
        from = other
      }
      next[rest] = best
      back[base + rest] = UInt8(from)
      swap(&score, &next)
    }
    var at = score.indices.max { score[$0] < score[$1] } ?? rest
    var path = [Int](repeating: -1, count: frames)
    for frame in stride(from: frames - 1, through: 0, by: -1) {
      path[frame] = at == rest ? -1 : at
      at = Int(back[frame * (width + 1) + at])
    }
    return path
  }

  // The median pitch of the path within ten seconds, but of 200 frames at least, every half second.
  private static func register(_ path: [Int]) -> [Float] {
    let voiced = path.indices.filter { path[$0] >= 0 }
    let centre = 66 - MelodySalience.pitches.lowerBound
    guard !voiced.isEmpty else { return Array(repeating: Float(centre), count: path.count) }
    let reach = Int(10 * MelodySalience.rate)
    let step = Int(MelodySalience.rate / 2)
    var result = [Float](repeating: 0, count: path.count)
    for first in stride(from: 0, to: path.count, by: step) {
      var from = voiced.firstIndex { $0 >= first - reach } ?? voiced.count
      var to = voiced[from...].firstIndex { $0 > first + reach } ?? voiced.count
      while to - from < min(200, voiced.count) {
        if from > 0 && (to == voiced.count || first - voiced[from - 1] < voiced[to] - first) {
          from -= 1
        } else {
          to += 1
        }
      }
      let sorted = voiced[from..<to].map { path[$0] }.sorted()
      let median = Float(sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
      for frame in first..<min(path.count, first + step) { result[frame] = median }
    }
    return result
  }

  // Frames and the pitch's index; `end` in seconds.
  private struct Note {
    var start: Int
    var end: Double
    let pitch: Int
  }

  private static func notes(_ path: [Int], _ evidence: MelodyEvidence) -> [Note] {
    var result: [Note] = []
    var start = 0
    while start < path.count {
      var end = start + 1
      while end < path.count && path[end] == path[start] { end += 1 }
      if path[start] >= 0 {
        let cuts = strokes(start..<end, path[start], evidence) + [end]
        for (cut, stop) in zip(cuts, cuts.dropFirst()) where Double(stop - cut) / MelodySalience.rate >= shortest {
          result.append(.init(start: cut, end: Double(stop) / MelodySalience.rate, pitch: path[start]))
        }
      }
      start = end
    }
    return result
  }

  // Where a held pitch is struck, the likeliest first, none near another.
  private static func strokes(_ held: Range<Int>, _ pitch: Int, _ evidence: MelodyEvidence) -> [Int] {
    func odds(_ frame: Int) -> Float { evidence.strokes[frame * width + pitch] }
    var candidates = held.dropFirst(strokeGap).dropLast(held.count > 6 ? 6 : 0).filter { odds($0) > 0 }
    var result = [held.lowerBound]
    while let best = candidates.max(by: { odds($0) < odds($1) }) {
      result.append(best)
      candidates.removeAll { abs($0 - best) <= strokeGap }
    }
    return result.sorted()
  }

  // A pitch is recognised a little after it began or, smoothed, before: the note begins where its onset rises to half.
  private static func snapped(_ notes: [Note], _ evidence: MelodyEvidence) -> [Note] {
    var result: [Note] = []
    let apart = 0.05
    for var note in notes {
      func onset(_ frame: Int) -> Float { evidence.onsets[frame * width + note.pitch] }
      let free = result.last.map { Int((Double($0.start) + apart * MelodySalience.rate).rounded(.up)) } ?? 0
      let earliest = max(0, note.start - 14, free)
      let latest = min(evidence.frames - 1, note.start + 4)
      if earliest <= latest, let peak = (earliest...latest).max(by: { onset($0) < onset($1) }), onset(peak) > Self.onset
      {
        note.start = peak
        while note.start > earliest, peak - note.start < 8, onset(note.start - 1) > onset(peak) / 2 { note.start -= 1 }
      }
      let start = Double(note.start) / MelodySalience.rate
      if let last = result.indices.last, result[last].end > start { result[last].end = start }
      if note.end - start > apart { result.append(note) }
    }
    return result
  }

  // A note ends where its activation has fallen to half, and never later than it did: the next one may begin there.
  private static func trimmed(_ notes: [Note], _ evidence: MelodyEvidence, seconds: Double) -> [Note] {
    notes.map { note in
      var note = note
      let latest = min(seconds, note.end)
      let end = min(evidence.frames, Int((note.end * MelodySalience.rate).rounded()))
      let start = Double(note.start) / MelodySalience.rate
      if end - note.start > 10 {
        func activation(_ frame: Int) -> Float { evidence.notes[frame * width + note.pitch] }
        let highest = (note.start..<end).reduce(Float(0)) { max($0, activation($1)) }
        let last = (note.start..<end).last { activation($0) > highest / 2 } ?? end - 1
        note.end = min(note.end, Double(last + 1) / MelodySalience.rate)
      }
      note.end = min(latest, max(start + 0.06, note.end - smear))
      return note
    }
  }
}
