import Foundation

/// A meter of the peaks of a signal, at its samples and between them.
package struct PeakMeter: ~Copyable {
  private var meter: LoudnessMeter
  /// Largest magnitude of the samples that are numbers, as a fraction of full scale.
  package private(set) var samplePeak = 0.0

  /// Creates a meter without samples.
  ///
  /// - Throws: `SignalError` as `LoudnessMeter.init` does.
  package init(channels: Int, sampleRate: Int) throws(SignalError) {
    meter = try LoudnessMeter(channels: channels, sampleRate: sampleRate)
  }

  /// Adds whole frames of interleaved samples.
  package mutating func add(_ interleaved: [Float]) throws(SignalError) {
    samplePeak = max(samplePeak, Double(PeakMeter.largest(interleaved.span)))
    try meter.add(interleaved)
  }

  /// Peak of the signal between the samples (ITU-R BS.1770), at least `samplePeak`, as a fraction of full scale.
  package var truePeak: Double {
    let between = pow(10, meter.loudness().truePeak / 20)
    return between.isFinite ? max(between, samplePeak) : samplePeak
  }

  /// Returns the largest magnitude among the samples that are numbers; 0 if there is none.
  package static func largest(_ samples: Span<Float>) -> Float {
    var largest: Float = 0
    for index in samples.indices {
      let magnitude = abs(samples[index])
      if magnitude > largest, magnitude.isFinite { largest = magnitude }
    }
    return largest
  }
}
