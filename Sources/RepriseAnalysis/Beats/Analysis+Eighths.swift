extension Analysis {
  /// `true` if the beats are dotted quarters, two to a bar of six eighths.
  package var isInDottedQuarters: Bool {
    guard meter == 6, beats.count > 1 else { return false }
    // Bars that were counted in six have a downbeat every six beats.
    guard downbeats.count > 1, let first = downbeats.first, let last = downbeats.last else {
      return downbeats.count * 4 > beats.count
    }
    let tolerance = 0.001
    return beats.count { $0 >= first - tolerance && $0 < last - tolerance } < 4 * (downbeats.count - 1)
  }

  /// The analysis counted in eighths where it has bars of two dotted quarters, as a score in 6/8 wants it; else as it is.
  package var inEighths: Analysis {
    guard isInDottedQuarters else { return self }
    var result = self
    result.tempo = 3 * tempo
    result.beats = []
    result.levels = []
    for (index, beat) in beats.enumerated() {
      let next = index + 1 < beats.count ? beats[index + 1] : 2 * beat - beats[index - 1]
      for third in 0..<3 {
        let time = beat + (next - beat) * Double(third) / 3
        guard time < seconds || third == 0 else { continue }
        result.beats.append(time)
        result.levels.append(levels.indices.contains(index) ? levels[index] : 1)
      }
    }
    return result
  }
}
