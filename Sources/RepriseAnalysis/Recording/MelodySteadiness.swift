import Foundation
import RepriseSignal
import RepriseSystem

/// How still the pitch is held within the notes of a melody.
///
/// Keys, plucked strings and most winds hold a note's pitch within a few cents. Voices, bowed strings and some winds
/// move it, by vibrato or from note to note.
package struct MelodySteadiness: Sendable, Equatable {
  /// Median over the notes of the standard deviation of the pitch from a straight line, in cents.
  package let spread: Double
  /// Number of notes that were long enough to be measured.
  package let notes: Int

  /// Creates a finished measurement.
  package init(spread: Double, notes: Int) {
    self.spread = spread
    self.notes = notes
  }

  private static let window = 2048
  private static let hop = 256
  private static let harmonics = 8
  /// Lowest harmonic whose pitch is measured, in Hz: below it, a bin is too wide.
  private static let lowest = 300.0
  /// Frames at either end of a note, in which the window reaches beyond it.
  private static let edge = 4
  private static let shortest = 14

  /// Measures a signal at `Hearing.sampleRate`.
  ///
  /// - Returns: nil if no note is long enough.
  /// - Throws: `CancellationError`.
  init?(of signal: [Float], melody: [Analysis.MelodyNote], tuning: Double, cancellation: Cancellation) throws {
    let rate = Hearing.sampleRate / Double(Self.hop)
    var transform = ShortTimeSpectrum(window: Self.window, hop: Self.hop)
    var spreads: [Double] = []
    var pitches: [(time: Double, cents: Double)] = []
    var place = 0
    try transform.forEachFrame(of: signal) { frame, magnitudes in
      if frame.isMultiple(of: 1024) { try cancellation.check() }
      while place < melody.count, frame > Int(melody[place].end * rate) - Self.edge {
        if let spread = Self.spread(pitches) { spreads.append(spread) }
        pitches = []
        place += 1
      }
      guard place < melody.count, frame >= Int(melody[place].start * rate) + Self.edge else { return }
      if let cents = Self.deviation(from: Double(melody[place].pitch) + tuning, in: magnitudes) {
        pitches.append((Double(frame), cents))
      }
    }
    if let spread = Self.spread(pitches) { spreads.append(spread) }
    guard !spreads.isEmpty else { return nil }
    spread = spreads.sorted()[spreads.count / 2]
    notes = spreads.count
  }

  // Cents from a pitch to that of the three strongest of its harmonics, by their magnitudes; nil if none is a peak.
  private static func deviation(from pitch: Double, in magnitudes: [Float]) -> Double? {
    let width = Hearing.sampleRate / Double(window)
    var found: [(magnitude: Double, cents: Double)] = []
    for harmonic in 1...harmonics {
      let hertz = 440 * pow(2, (pitch - 69) / 12) * Double(harmonic)
      let bins = Int(hertz / 1.047 / width)...Int(hertz * 1.047 / width) + 1
      guard hertz >= lowest, bins.lowerBound > 0, bins.upperBound + 1 < magnitudes.count,
        let bin = bins.max(by: { magnitudes[$0] < magnitudes[$1] })
      else { continue }
      let (left, centre, right) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1])
      guard centre > left, centre >= right else { continue }
      let exact = (Double(bin) + Peak.offset(left, centre, right)) * width
      found.append((Double(centre), 1200 * log2(exact / hertz)))
    }
    found.sort { $0.magnitude > $1.magnitude }
    let strongest = found.prefix(3)
    let weight = strongest.reduce(0) { $0 + $1.magnitude }
    return weight > 0 ? strongest.reduce(0) { $0 + $1.magnitude * $1.cents } / weight : nil
  }

  // Standard deviation from the line of least squares; nil for too few points.
  private static func spread(_ points: [(time: Double, cents: Double)]) -> Double? {
    guard points.count >= shortest else { return nil }
    let count = Double(points.count)
    let time = points.reduce(0) { $0 + $1.time } / count
    let cents = points.reduce(0) { $0 + $1.cents } / count
    let along = points.reduce(0) { $0 + ($1.time - time) * ($1.time - time) }
    let common = points.reduce(0) { $0 + ($1.time - time) * ($1.cents - cents) }
    let slope = along > 0 ? common / along : 0
    let squares = points.reduce(0) {
      $0 + pow($1.cents - cents - slope * ($1.time - time), 2)
    }
    return (squares / count).squareRoot()
  }
}
