import Foundation

/// What speaks for a beat at each time, frame by frame, `OnsetEnvelope.rate` frames per second.
package struct PulseEvidence: Sendable {
  /// The spectral flux; see `OnsetEnvelope.all`.
  let flux: [Float]
  /// How likely a note begins, from the flux alone, 0…1.
  let onsets: [Float]
  /// How likely there is a beat, 0…1, from the learned model; empty without it.
  let beats: [Float]
  /// How likely a bar begins, 0…1, from the learned model; empty without it.
  let downbeats: [Float]
  /// What beats are placed by: both together.
  let envelope: [Float]

  // What the learned model weighs beside the flux, each divided by its standard deviation.
  private static let modelShare: Float = 0.7
  // The flux, in standard deviations, at which a note's beginning is as good as sure: 1 − 1/e of it.
  private static let plainOnset: Float = 3

  /// Gathers the evidence.
  package init(_ envelope: OnsetEnvelope, _ activations: BeatNetwork.Activations?) {
    flux = envelope.all
    let rises = Trend.removed(from: envelope.all, rate: OnsetEnvelope.rate)
    onsets = rises.map { 1 - exp(-$0 / Self.plainOnset) }
    let limited = Self.limited(rises)
    guard let activations, !activations.beat.isEmpty else {
      (beats, downbeats, self.envelope) = ([], [], limited)
      return
    }
    let either = zip(activations.beat, activations.downbeat).map { $0 + $1 }
    let beats = Self.resampled(either, count: envelope.all.count)
    self.beats = beats
    downbeats = Self.resampled(activations.downbeat, count: envelope.all.count)
    let scaled = beats.scaled
    self.envelope = limited.indices.map { Self.modelShare * scaled[$0] + (1 - Self.modelShare) * limited[$0] }
  }

  // Divided by the standard deviation, the loudest blows no higher than 3 of them above the mean.
  private static func limited(_ values: [Float]) -> [Float] {
    let mean = values.reduce(0, +) / Float(max(1, values.count))
    let deviation = values.deviation
    return values.map { min($0, mean + 3 * deviation) }.scaled
  }

  // From the model's frames to the envelope's.
  private static func resampled(_ values: [Float], count: Int) -> [Float] {
    let step = BeatFeatures.rate / OnsetEnvelope.rate
    return (0..<count).map { frame in
      let place = min(Double(frame) * step, Double(values.count - 1))
      let index = min(Int(place), max(0, values.count - 2))
      let share = Float(place - Double(index))
      return values[index] * (1 - share) + values[min(index + 1, values.count - 1)] * share
    }
  }
}
