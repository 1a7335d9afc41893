import Foundation
import RepriseSystem
import RepriseSignal

/// Brings a mix to a target loudness while its true peaks stay below a ceiling.
///
/// The limiter looks ahead: the true peak of every block of 64 frames (four times oversampled, ITU-R
/// BS.1770-4 annex 2) gives the permitted gain of the block; the curve is held at its minimum over the look-ahead
/// before and after, then smoothed by a moving average no longer than that, so that it never rises above the permitted
/// gain of any block.
struct Mastering {
  /// Target integrated loudness, in LUFS.
  var loudness = -14.0
  /// Maximum true peak, in dBTP.
  var ceiling = -1.0

  // 1.5 ms; a gain curve this fine follows any attack that the look-ahead can meet.
  private static let block = 64
  private static let lookAhead = 4
  private static let release = 60
  // Interpolation between blocks and another meter's filter may each yield a little more than was measured.
  private static let margin = 0.3

  /// Masters interleaved stereo in place.
  ///
  /// - Throws: `EngineError` with `silent` if the mix is silent; `CancellationError`.
  func apply(to samples: inout [Float], sampleRate: Int, cancellation: Cancellation) throws {
    let before = try loudnessOf(samples, under: [], sampleRate: sampleRate)
    guard before > -70 else { throw EngineError.silent(loudness: before) }
    let peaks = try blockPeaks(of: samples, sampleRate: sampleRate)
    let highest = Float(pow(10, (ceiling - Self.margin) / 20))
    var gain = pow(10, (loudness - before) / 20)
    var curve: [Float] = []
    // Limiting takes loudness away; give it back until it stays. Dense music needs two or three rounds, a few loud
    // strokes over soft notes many more.
    for _ in 0..<20 {
      try cancellation.check()
      curve = gainCurve(for: peaks, gain: Float(gain), highest: highest)
      let after = try loudnessOf(samples, under: curve, sampleRate: sampleRate)
      let missing = loudness - after
      if abs(missing) < 0.05 { break }
      gain *= pow(10, missing / 20)
    }
    apply(curve, to: &samples, from: 0)
    let result = try measureLoudness(interleaved: samples, channels: 2, sampleRate: sampleRate)
    let excess = result.truePeak - ceiling
    if excess > 0 {
      let trim = Float(pow(10, -(excess + 0.02) / 20))
      for index in samples.indices { samples[index] *= trim }
    }
  }

  private func blockPeaks(of samples: [Float], sampleRate: Int) throws -> [Float] {
    let frames = samples.count / 2
    var peaks = [Float](repeating: 0, count: (frames + Self.block - 1) / Self.block)
    for frame in 0..<frames {
      let value = max(abs(samples[frame * 2]), abs(samples[frame * 2 + 1]))
      if value > peaks[frame / Self.block] { peaks[frame / Self.block] = value }
    }
    var resampler = try StreamResampler(channels: 2, from: Double(sampleRate), to: Double(sampleRate * 4))
    var position = 0
    func take(_ piece: [Float]) {
      for frame in 0..<(piece.count / 2) {
        let value = max(abs(piece[frame * 2]), abs(piece[frame * 2 + 1]))
        let block = min(peaks.count - 1, (position + frame) / (4 * Self.block))
        if value > peaks[block] { peaks[block] = value }
      }
      position += piece.count / 2
    }
    for start in stride(from: 0, to: samples.count, by: 1 << 16) {
      take(try resampler.process(Array(samples[start..<min(samples.count, start + 1 << 16)])))
    }
    take(try resampler.finish())
    return peaks
  }

  private func gainCurve(for peaks: [Float], gain: Float, highest: Float) -> [Float] {
    let allowed = peaks.map { $0 * gain > highest ? highest / $0 : gain }
    var held = [Float](repeating: gain, count: allowed.count)
    for block in allowed.indices where allowed[block] < gain {
      for near in max(0, block - Self.lookAhead)...min(held.count - 1, block + Self.lookAhead) {
        held[near] = min(held[near], allowed[block])
      }
    }
    // Rising again slowly keeps the gain from pumping with every cycle of a low note.
    var level = gain
    for block in held.indices {
      level = held[block] < level ? held[block] : level + (min(gain, held[block]) - level) / Float(Self.release)
      held[block] = level
    }
    let width = Self.lookAhead
    return held.indices.map { block in
      let range = max(0, block - width)...min(held.count - 1, block + width)
      return range.reduce(Float(0)) { $0 + held[$1] } / Float(range.count)
    }
  }

  private func loudnessOf(_ samples: [Float], under curve: [Float], sampleRate: Int) throws -> Double {
    var meter = try LoudnessMeter(channels: 2, sampleRate: sampleRate, measuringPeaks: false)
    let piece = Self.block * 2 * 1024
    for start in stride(from: 0, to: samples.count, by: piece) {
      var part = Array(samples[start..<min(samples.count, start + piece)])
      apply(curve, to: &part, from: start / 2)
      try meter.add(part)
    }
    return meter.integrated
  }

  // The curve's values stand at the blocks' centres and are joined by straight lines.
  private func apply(_ curve: [Float], to samples: inout [Float], from first: Int) {
    guard let last = curve.indices.last else { return }
    let half = Self.block / 2
    for frame in 0..<(samples.count / 2) {
      let position = first + frame + half
      let right = min(last, position / Self.block)
      let left = max(0, position / Self.block - 1)
      let share = Float(position % Self.block) / Float(Self.block)
      let gain = curve[min(left, last)] * (1 - share) + curve[right] * share
      samples[frame * 2] *= gain
      samples[frame * 2 + 1] *= gain
    }
  }
}
