import RepriseAnalysis

/// The share of the time in which two recordings have the same label, along their time map, and what chance makes of it.
struct Agreement: Sendable {
  /// Share of the time in which both have a label and it is the same, 0…1.
  var value: Double
  /// What other transpositions and shifted maps keep below in 19 of 20 cases.
  var chance: Double
  /// Seconds of the reference over which both have a label.
  var seconds: Double

  /// How much of the way from chance to full agreement is gone; below 0 for less than chance.
  var kept: Double { chance < 1 ? (value - chance) / (1 - chance) : 0 }

  /// Number of shifted maps that are tried.
  private static let shifts = 30
  private static let tolerance = 1  // cells

  init(value: Double, chance: Double, seconds: Double) {
    self.value = value
    self.chance = chance
    self.seconds = seconds
  }

  /// Compares labels along a map.
  ///
  /// - Parameters:
  ///   - reference: Labels of the reference.
  ///   - cover: Labels of the cover.
  ///   - pairs: Cells of the reference and of the cover that belong together.
  ///   - transposition: Semitones from the reference to the cover.
  init(_ reference: LabelTrack, _ cover: LabelTrack, pairs: [(Int, Int)], transposition: Int) {
    let found = Self.share(reference, cover, pairs, transposition, shift: 0)
    var chances = (1..<12).map { Self.share(reference, cover, pairs, transposition + $0, shift: 0).value }
    let count = reference.labels.count
    // By the golden ratio: evenly spread, and never by a whole number of bars for all.
    for index in 1...Self.shifts {
      let share = (Double(index) * 0.618034).truncatingRemainder(dividingBy: 1)
      let least = min(80, count / 4)
      let shift = least + Int(share * Double(max(0, count - 2 * least)))
      chances.append(Self.share(reference, cover, pairs, transposition, shift: shift).value)
    }
    value = found.value
    seconds = Double(found.cells) / LabelTrack.rate
    chance = chances.quantile(0.95)
  }

  /// Returns the agreement over some pairs of cells without chance.
  static func share(
    _ reference: LabelTrack, _ cover: LabelTrack, _ pairs: [(Int, Int)], _ transposition: Int, shift: Int
  ) -> (value: Double, cells: Int) {
    let count = reference.labels.count
    let (one, other) = (reference.labels, cover.labels)
    var (same, both) = (0, 0)
    for (row, column) in pairs {
      let place = shift == 0 ? row : (row + shift) % count
      guard place >= 0, place < count, one[place] >= 0 else { continue }
      let minor = one[place] >= 12 ? 12 : 0
      let wanted = (Int(one[place]) + transposition).modulo(12) + minor
      var (isThere, isSame) = (false, false)
      for near in max(0, column - tolerance)...min(other.count - 1, column + tolerance) where other[near] >= 0 {
        isThere = true
        if Int(other[near]) == wanted { isSame = true }
      }
      if isThere { both += 1 }
      if isSame { same += 1 }
    }
    return (both > 0 ? Double(same) / Double(both) : 0, both)
  }
}

extension TimeMap {
  /// The cells of the reference and of the cover that belong together, in cells of `LabelTrack`.
  func pairs(reference: Int, cover: Int) -> [(Int, Int)] {
    var result: [(Int, Int)] = []
    for run in runs {
      let first = Int((run.referenceStart * LabelTrack.rate).rounded(.up))
      let last = Int(run.referenceEnd * LabelTrack.rate)
      guard first <= last else { continue }
      for row in first...last where row >= 0 && row < reference {
        let column = Int(run.cover(at: (Double(row) + 0.5) / LabelTrack.rate) * LabelTrack.rate)
        if column >= 0, column < cover { result.append((row, column)) }
      }
    }
    return result
  }
}
