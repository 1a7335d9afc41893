extension Analysis {
  /// The analysis counted in eighths where it has bars of two dotted quarters, as a score in 6/8 wants it; else as it is.
  package var inEighths: Analysis {
    // Bars of six eighths have a downbeat every six beats already.
    guard meter == 6, beats.count > 1, downbeats.count * 4 > beats.count else { return self }
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
