import Foundation
package import RepriseSystem
import RepriseSignal

/// Onset strength, frame by frame.
///
/// The strength is the log-mel spectral flux with a maximum filter over frequency, which suppresses vibrato (SuperFlux;
/// Böck and Widmer, DAFx 2013).
package struct OnsetEnvelope: Sendable {
  static let window = 1024
  static let hop = 256
  /// Frames per second.
  static let rate = Hearing.sampleRate / Double(hop)

  /// Flux over all bands; at least 0, divided by its standard deviation.
  let all: [Float]
  /// Flux in the bands below about 200 Hz alone: kick drum and bass.
  let low: [Float]

  private static let bands = 40
  private static let lag = 2

  package init(of signal: [Float], cancellation: Cancellation) throws {
    let mel = MelBands(
      count: Self.bands, lowest: 30, highest: 10_000, size: Self.window, sampleRate: Hearing.sampleRate)
    var transform = ShortTimeSpectrum(window: Self.window, hop: Self.hop)
    var history = [[Float]](repeating: [Float](repeating: 0, count: Self.bands), count: Self.lag + 1)
    var all: [Float] = []
    var low: [Float] = []
    all.reserveCapacity(transform.frames(in: signal.count))
    try transform.forEachFrame(of: signal) { frame, magnitudes in
      if frame.isMultiple(of: 1024) { try cancellation.check() }
      var bands: [Float] = []
      mel.apply(to: magnitudes, into: &bands)
      for band in bands.indices { bands[band] = log10(1 + 1000 * bands[band]) }
      let before = history[(frame + 1) % (Self.lag + 1)]
      var flux: Float = 0
      var lowFlux: Float = 0
      for band in bands.indices {
        let reference = max(before[band], before[max(0, band - 1)], before[min(Self.bands - 1, band + 1)])
        let rise = max(0, bands[band] - reference)
        flux += rise
        if band < 4 { lowFlux += rise }
      }
      history[frame % (Self.lag + 1)] = bands
      // The first frames rise from the initial values of the history, not from the recording.
      all.append(frame < Self.lag ? 0 : flux)
      low.append(frame < Self.lag ? 0 : lowFlux)
    }
    self.all = all.scaled
    self.low = low.scaled
  }
}
