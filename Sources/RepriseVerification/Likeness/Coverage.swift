import RepriseAnalysis

/// What a cover plays of its reference, section by section.
struct Coverage: Sendable {
  var sections: [Likeness.Section]
  var added: [ClosedRange<Double>]
  /// Share of the reference that is played, 0…1.
  var share: Double

  /// Shortest span that is said to be missing or added, in seconds.
  private static let shortest = 4.0
  /// Level relative to the loudest under which the end of a note is not missed: −30 dB.
  private static let faint: Float = 0.03

  init(_ map: TimeMap, reference: Analysis, levels: LevelTrack, coverSeconds: Double) {
    let shortest = min(Self.shortest, reference.seconds / 6)
    let kept = Self.inOrder(map.runs)
    // A reference's frame every 0.1 s: 0 for missing, 1 for kept, 2 for moved; and how often it is played.
    let rate = 10.0
    let count = max(1, Int((reference.seconds * rate).rounded()))
    var state = [Int8](repeating: 0, count: count)
    var times = [Int8](repeating: 0, count: count)
    for (index, run) in map.runs.enumerated() {
      let first = max(0, min(count, Int((run.referenceStart * rate).rounded())))
      let last = max(first, min(count, Int((run.referenceEnd * rate).rounded())))
      for cell in first..<last {
        times[cell] = min(9, times[cell] + 1)
        if kept.contains(index) { state[cell] = 1 } else if state[cell] == 0 { state[cell] = 2 }
      }
    }
    // Where next to nothing sounds, nothing is missing.
    let sounds = (0..<count).map { levels.sounds(at: (Double($0) + 0.5) / rate, above: Self.faint) }
    // Neighbouring runs leave small gaps where the path jumps: those are not missing.
    var gap = 0
    while gap < count {
      guard state[gap] == 0 else {
        gap += 1
        continue
      }
      var end = gap
      while end < count, state[end] == 0 { end += 1 }
      if Double(sounds[gap..<end].count { $0 }) / rate < shortest {
        let filler = gap > 0 ? state[gap - 1] : end < count ? state[end] : 0
        for cell in gap..<end {
          state[cell] = filler
          times[cell] = max(1, times[cell])
        }
      }
      gap = end
    }
    share = Double(state.count { $0 != 0 }) / Double(count)
    var result: [Likeness.Section] = []
    for (index, section) in reference.sections.enumerated() {
      let first = max(0, min(count, Int((section.start * rate).rounded())))
      let last = max(first, min(count, Int((section.end * rate).rounded())))
      let pieces = Self.pieces(first..<last, state, shortest: Int(shortest * rate))
      result += pieces.map { piece in
        let states = state[piece]
        let (missing, moved) = (states.count { $0 == 0 }, states.count { $0 == 2 })
        let again = times[piece].count { $0 > 1 }
        let word: Likeness.Section.State =
          2 * missing > piece.count
          ? .missing : 2 * moved > piece.count ? .moved : 3 * again > 2 * piece.count ? .repeated : .kept
        let span = (Double(piece.lowerBound) / rate, min(reference.seconds, Double(piece.upperBound) / rate))
        let place = word == .missing ? nil : Self.place(span, map.runs, preferring: word == .moved ? nil : kept)
        return Likeness.Section(
          index: index, isPart: pieces.count > 1, start: span.0, end: span.1, label: section.label,
          isChorus: section.isChorus, state: word,
          coverStart: place?.0, coverEnd: place?.1)
      }
    }
    sections = result
    added = Self.added(map.runs, coverSeconds: coverSeconds, shortest: shortest)
  }

  // A section is cut where a long piece of it is missing or moved.
  private static func pieces(_ section: Range<Int>, _ state: [Int8], shortest: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = section.lowerBound
    while start < section.upperBound {
      var end = start + 1
      while end < section.upperBound, state[end] == state[start] { end += 1 }
      pieces.append(start..<end)
      start = end
    }
    // Short ones belong to their neighbour.
    var merged: [Range<Int>] = []
    for piece in pieces {
      if let last = merged.last, piece.count < shortest || last.count < shortest {
        merged[merged.count - 1] = last.lowerBound..<piece.upperBound
      } else {
        merged.append(piece)
      }
    }
    return merged
  }

  private static func place(
    _ span: (Double, Double), _ runs: [TimeMap.Run], preferring kept: Set<Int>?
  ) -> (Double, Double)? {
    var best: (range: (Double, Double), length: Double)?
    for (index, run) in runs.enumerated() {
      let (start, end) = (max(span.0, run.referenceStart), min(span.1, run.referenceEnd))
      guard end > start else { continue }
      let bonus = kept.map { $0.contains(index) } ?? true
      let length = (end - start) * (bonus ? 1000 : 1)
      let range = (run.cover(at: start), run.cover(at: end))
      if let found = best, bonus, kept != nil, found.length >= 0.001 {
        // Runs in order that follow one another make one place.
        best = ((min(found.range.0, range.0), max(found.range.1, range.1)), found.length + length)
      } else if length > best?.length ?? 0 {
        best = (range, length)
      }
    }
    return best?.range
  }

  // The runs that keep the reference's order: those that together play most of it.
  static func inOrder(_ runs: [TimeMap.Run]) -> Set<Int> {
    var best = runs.map { $0.referenceEnd - $0.referenceStart }
    var from = [Int](repeating: -1, count: runs.count)
    for index in runs.indices {
      let run = runs[index]
      for other in 0..<index
      where runs[other].referenceStart <= run.referenceStart && runs[other].referenceEnd <= run.referenceEnd {
        let new = run.referenceEnd - max(run.referenceStart, runs[other].referenceEnd)
        if best[other] + new > best[index] {
          best[index] = best[other] + new
          from[index] = other
        }
      }
    }
    var result: Set<Int> = []
    var at = best.indices.max { best[$0] < best[$1] } ?? -1
    while at >= 0 {
      result.insert(at)
      at = from[at]
    }
    return result
  }

  private static func added(
    _ runs: [TimeMap.Run], coverSeconds: Double, shortest: Double
  ) -> [ClosedRange<Double>] {
    var result: [ClosedRange<Double>] = []
    var time = 0.0
    for run in runs {
      if run.coverStart - time >= shortest { result.append(time...run.coverStart) }
      time = max(time, run.coverEnd)
    }
    if coverSeconds - time >= shortest { result.append(time...coverSeconds) }
    return result
  }
}
