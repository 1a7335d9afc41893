import Foundation
import RepriseSystem
import RepriseSignal

/// Deviation of a recording's tuning from A4 = 440 Hz.
enum Tuning {
  /// Returns the circular mean of the spectral peaks' distances from the nearest semitone, weighted by magnitude, in
  /// semitones, −0.5…0.5.
  static func estimate(of signal: [Float], cancellation: Cancellation) throws -> Double {
    let size = NoteSpectrum.window
    // A few hundred frames are sufficient.
    let hop = max(size / 2, signal.count / 400)
    var transform = ShortTimeSpectrum(window: size, hop: hop)
    let width = Hearing.sampleRate / Double(size)
    let bins = Int(80 / width)...Int(2500 / width)
    var across = 0.0
    var along = 0.0
    try transform.forEachFrame(of: signal) { _, magnitudes in
      try cancellation.check()
      let floor = (magnitudes[bins].max() ?? 0) * 0.05
      for bin in bins where magnitudes[bin] > floor {
        let (left, centre, right) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1])
        guard centre > left, centre >= right else { continue }
        let position = Double(bin) + Peak.offset(left, centre, right)
        let pitch = 69 + 12 * log2(position * width / 440)
        across += Double(centre.squareRoot()) * sin(2 * Double.pi * pitch)
        along += Double(centre.squareRoot()) * cos(2 * Double.pi * pitch)
      }
    }
    return across == 0 && along == 0 ? 0 : atan2(across, along) / (2 * Double.pi)
  }
}

/// Spectral peaks between bins.
enum Peak {
  /// Returns the offset of the vertex of the parabola through three log magnitudes, in bins from the middle one (Smith
  /// and Serra 1987).
  static func offset(_ left: Float, _ centre: Float, _ right: Float) -> Double {
    let a = log(max(left, 1e-12))
    let b = log(max(centre, 1e-12))
    let c = log(max(right, 1e-12))
    let curvature = a - 2 * b + c
    return curvature < -1e-9 ? Double(max(-0.5, min(0.5, 0.5 * (a - c) / curvature))) : 0
  }
}
