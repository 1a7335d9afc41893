import Foundation

/// How high a signal goes, at its samples and between them.
package struct PeakMeter: ~Copyable {
  private var meter: LoudnessMeter
  /// The largest magnitude of a sample that is a number, as a share of full scale.
  package private(set) var samplePeak = 0.0

  /// No samples yet.
  ///
  /// - Throws: `SignalError` as `LoudnessMeter.init` does.
  package init(channels: Int, sampleRate: Int) throws(SignalError) {
    meter = try LoudnessMeter(channels: channels, sampleRate: sampleRate)
  }

  /// Takes whole frames of interleaved samples.
  package mutating func add(_ interleaved: [Float]) throws(SignalError) {
    samplePeak = max(samplePeak, Double(PeakMeter.largest(interleaved.span)))
    try meter.add(interleaved)
  }

  /// The peak of the signal between the samples (ITU-R BS.1770), at least `samplePeak`, as a share of full scale.
  package var truePeak: Double {
    let between = pow(10, meter.loudness().truePeak / 20)
    return between.isFinite ? max(between, samplePeak) : samplePeak
  }

  /// The largest magnitude among samples that are numbers; 0 where there is none.
  package static func largest(_ samples: Span<Float>) -> Float {
    var largest: Float = 0
    for index in samples.indices {
      let magnitude = abs(samples[index])
      if magnitude > largest, magnitude.isFinite { largest = magnitude }
    }
    return largest
  }
}
