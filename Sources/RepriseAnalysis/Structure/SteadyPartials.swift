import Foundation
import RepriseSignal
import RepriseSystem

/// Spectral peaks that hold their pitch from frame to frame: what held notes have, and speech and noise have not.
struct SteadyPartials: Sendable {
  static let window = 4096
  static let hop = 1024
  /// Frames per second.
  static let rate = Hearing.sampleRate / Double(hop)
  /// Number of semitones in `notes`, from `lowest` on.
  static let semitones = 72
  private static let lowest = 40

  /// Share of each frame's power in steady partials.
  private(set) var shares: [Double] = []
  /// Share of each frame's power in partials older than two seconds.
  private(set) var statics: [Double] = []
  /// Square roots of the steady partials' magnitudes by semitone, `semitones` per frame.
  private(set) var notes: [Float] = []
  /// Sums over each frame's steady partials: cosine and sine of the pitch within the semitone, and weight.
  private(set) var circles: [(along: Double, across: Double, weight: Double)] = []

  // Greatest step of a partial from frame to frame, in semitones, and the age in frames from which it is steady.
  private static let step = 0.35
  private static let steady = 4
  // A Hann window spreads a sinusoid's power over 1.5 times its peak's.
  private static let spread = 1.5

  /// Follows the partials of a signal at `Hearing.sampleRate`.
  ///
  /// - Throws: `CancellationError`.
  init(of signal: [Float], cancellation: Cancellation) throws {
    var transform = ShortTimeSpectrum(window: Self.window, hop: Self.hop)
    let width = Hearing.sampleRate / Double(Self.window)
    let bins = Int(100 / width)...Int(4000 / width)
    var before: [(pitch: Double, age: Int)] = []
    try transform.forEachFrame(of: signal) { frame, magnitudes in
      if frame.isMultiple(of: 256) { try cancellation.check() }
      var power = 1e-12
      for magnitude in magnitudes { power += Double(magnitude * magnitude) }
      let peaks = Self.peaks(magnitudes, bins: bins, width: width)
      var now: [(pitch: Double, age: Int)] = []
      var sums = (steady: 0.0, old: 0.0, along: 0.0, across: 0.0, weight: 0.0)
      var row = [Float](repeating: 0, count: Self.semitones)
      // Both lists ascend: the nearest one of the last frame is found by going along.
      var at = 0
      for (pitch, magnitude) in peaks {
        while at + 1 < before.count, abs(before[at + 1].pitch - pitch) < abs(before[at].pitch - pitch) { at += 1 }
        let goesOn = at < before.count && abs(before[at].pitch - pitch) < Self.step
        let age = goesOn ? before[at].age + 1 : 1
        now.append((pitch, age))
        guard age >= Self.steady else { continue }
        sums.steady += magnitude * magnitude
        if Double(age) >= 2 * Self.rate { sums.old += magnitude * magnitude }
        let root = magnitude.squareRoot()
        sums.along += root * cos(2 * Double.pi * pitch)
        sums.across += root * sin(2 * Double.pi * pitch)
        sums.weight += root
        row[max(0, min(Self.semitones - 1, Int(pitch.rounded()) - Self.lowest))] += Float(root)
      }
      before = now
      shares.append(min(1, Self.spread * sums.steady / power))
      statics.append(min(1, Self.spread * sums.old / power))
      notes += row
      circles.append((sums.along, sums.across, sums.weight))
    }
  }

  // Peaks as sharp as a sinusoid's, as MIDI pitches with their magnitudes, ascending.
  private static func peaks(
    _ magnitudes: [Float], bins: ClosedRange<Int>, width: Double
  ) -> [(pitch: Double, magnitude: Double)] {
    let floor = (magnitudes[bins].max() ?? 0) * 0.02
    var result: [(pitch: Double, magnitude: Double)] = []
    for bin in bins where magnitudes[bin] > floor {
      let (left, centre, right) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1])
      guard centre > left, centre >= right, centre > 1.5 * (magnitudes[bin - 3] + magnitudes[bin + 3]) else { continue }
      let position = Double(bin) + Peak.offset(left, centre, right)
      result.append((69 + 12 * log2(position * width / 440), Double(centre)))
    }
    return result
  }
}
