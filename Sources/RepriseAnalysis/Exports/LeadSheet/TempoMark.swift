import Foundation

/// The tempo as it is told in all exports: a note value, the beat that was heard, and how many of them a minute has.
package struct TempoMark: Sendable, Equatable {
  /// Note value of a beat.
  package enum Unit: Sendable, Equatable {
    case eighth
    case quarter
    case dottedQuarter

    /// The note value in eighths.
    var eighths: Int {
      switch self {
      case .eighth: 1
      case .quarter: 2
      case .dottedQuarter: 3
      }
    }
  }

  /// Note value of a beat.
  package let unit: Unit
  /// Number of beats in a minute.
  package let perMinute: Double

  /// The tempo in quarter notes a minute.
  package var quarters: Double { perMinute * Double(unit.eighths) / 2 }

  /// The tempo in text: `120.0 bpm` if beats are quarter notes, else with the note value: `♩. = 60.0`.
  package var text: String {
    let number = String(format: "%.1f", perMinute)
    return switch unit {
    case .eighth: "♪ = " + number
    case .quarter: number + " bpm"
    case .dottedQuarter: "♩. = " + number
    }
  }

  /// Creates the tempo of an analysis: its own if it is one, else that of the beats.
  init(_ analysis: Analysis, _ grid: BarGrid) {
    unit = grid.beatUnit == 4 ? .quarter : analysis.isInDottedQuarters ? .dottedQuarter : .eighth
    if (20...600).contains(analysis.tempo) {
      perMinute = analysis.tempo
    } else {
      let beats = Double(grid.times.count - 1) * Double(8 / grid.beatUnit) / Double(unit.eighths)
      perMinute = 60 * beats / (grid.times[grid.times.count - 1] - grid.times[0])
    }
  }
}
