import Foundation
import RepriseSignal

/// Features of a recording, four times a second: twelve pitch classes, sixteen timbre bands, and the level.
///
/// Memory is bounded: above 4096 frames (17 minutes), adjacent frames are merged, and again whenever that number is
/// reached.
struct PassageFeatures: ~Copyable {
  /// One feature frame: pitch classes at 0…11, bands at 12…27, the rest 0.
  typealias Frame = SIMD32<Float>

  private static let most = 4096
  private static let analysisRate = 11025
  private static let window = 4096
  private static let hop = 2756
  private static let pitchClasses = 12
  private static let bands = 16

  private let channels: Int
  private var resampler: StreamResampler?
  private var fft = RealFFT(size: window)
  private let mel = MelBands(
    count: bands, lowest: 60, highest: 5000, size: window, sampleRate: Double(analysisRate))
  private let taper: [Float] = (0..<window).map {
    Float(4 / Double(window) * (0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(window))))
  }
  private let pitch: [(low: Int, share: Float)?]

  // Half a window of zeros in front, so that the window of each frame is centred on the frame's own time.
  private var pending = [Float](repeating: 0, count: (window - hop) / 2)
  private var spectra: [Frame] = []
  private var merged = Merge<Frame>()
  private let framesPerPower: Double
  private var power = 0.0
  private var powerFrames = 0
  private var powerCount = 0
  private var powers: [Double] = []
  private var mergedPower = Merge<Double>()

  /// Creates features of a recording.
  ///
  /// - Parameters:
  ///   - channels: The number of channels.
  ///   - sampleRate: The sample rate in Hz.
  /// - Throws: `SignalError` for a sample rate that no resampler supports.
  init(channels: Int, sampleRate: Int) throws(SignalError) {
    self.channels = channels
    let target = PassageFeatures.analysisRate
    if sampleRate != target {
      resampler = try StreamResampler(channels: 1, from: Double(sampleRate), to: Double(target))
    } else {
      resampler = nil
    }
    framesPerPower = Double(PassageFeatures.hop) * Double(sampleRate) / Double(target)
    pitch = (0...PassageFeatures.window / 2).map { bin in
      let hertz = Double(bin) * Double(target) / Double(PassageFeatures.window)
      guard (80...2000).contains(hertz) else { return nil }
      let note = 69 + 12 * log2(hertz / 440)
      return (Int(note.rounded(.down)) % 12, Float(note - note.rounded(.down)))
    }
  }

  /// Number of frames of the recording that one feature frame represents.
  var framesPerFeature: Double { framesPerPower * Double(merged.factor) }

  /// Adds whole frames of interleaved samples.
  mutating func add(_ interleaved: [Float]) throws(SignalError) {
    var mono: [Float] = []
    mono.reserveCapacity(interleaved.count / channels)
    for start in stride(from: 0, to: interleaved.count - channels + 1, by: channels) {
      var sum: Float = 0
      var square: Float = 0
      for channel in 0..<channels {
        let sample = interleaved[start + channel]
        sum += sample
        square += sample * sample
      }
      // Floats may have any value; a spectrum of samples far above full scale carries no information.
      mono.append(sum.isFinite ? min(max(sum / Float(channels), -100), 100) : 0)
      if square.isFinite { power += Double(square) / Double(channels) }
      powerFrames += 1
      if Double(powerFrames) + framesPerPower * Double(powerCount) >= framesPerPower * Double(powerCount + 1) {
        closePower()
      }
    }
    pending += try resampler?.process(mono) ?? mono
    analyse()
  }

  private mutating func closePower() {
    if let done = mergedPower.add(power / Double(max(powerFrames, 1))) { powers.append(done) }
    power = 0
    powerFrames = 0
    powerCount += 1
  }

  private mutating func analyse() {
    var start = 0
    var block = [Float](repeating: 0, count: PassageFeatures.window)
    var magnitudes: [Float] = []
    while pending.count - start >= PassageFeatures.window {
      for index in block.indices { block[index] = pending[start + index] * taper[index] }
      fft.magnitudes(of: block, into: &magnitudes)
      if let done = merged.add(describe(magnitudes)) { spectra.append(done) }
      start += PassageFeatures.hop
    }
    pending.removeFirst(start)
    guard spectra.count >= PassageFeatures.most, powers.count >= PassageFeatures.most else { return }
    merged.halve(&spectra)
    mergedPower.halve(&powers)
  }

  private func describe(_ magnitudes: [Float]) -> Frame {
    var frame = Frame.zero
    // Only peaks indicate notes; their square roots are used, so that one loud note does not mask the chord.
    for bin in 1..<magnitudes.count - 1 {
      guard let pitchClass = pitch[bin], magnitudes[bin] > magnitudes[bin - 1], magnitudes[bin] >= magnitudes[bin + 1]
      else {
        continue
      }
      let weight = magnitudes[bin].squareRoot()
      frame[pitchClass.low] += weight * (1 - pitchClass.share)
      frame[(pitchClass.low + 1) % 12] += weight * pitchClass.share
    }
    var sum: Float = 0
    for index in 0..<PassageFeatures.pitchClasses { sum += frame[index] }
    if sum > 0 { for index in 0..<PassageFeatures.pitchClasses { frame[index] /= sum } }
    var energies: [Float] = []
    mel.apply(to: magnitudes, into: &energies)
    for (index, energy) in energies.enumerated() {
      frame[PassageFeatures.pitchClasses + index] = log10(1e-5 + energy)
    }
    return frame
  }

  /// Returns the feature frames and their levels in mean squares.
  ///
  /// Each feature frame is relative to the mean of the recording and normalized to length 1 (0 where the recording is
  /// silent).
  consuming func finish() throws(SignalError) -> (frames: [Frame], powers: [Double]) {
    if let rest = try resampler.take()?.finish() { pending += rest }
    // The last window extends beyond the end.
    pending += [Float](repeating: 0, count: (PassageFeatures.window - PassageFeatures.hop) / 2)
    analyse()
    if powers.count < spectra.count, powerFrames > 0 { closePower() }
    let count = min(spectra.count, powers.count)
    let kept = Array(powers.prefix(count))
    let loud = (kept.max() ?? 0) * 1e-5
    let frames = PassageFeatures.centred(Array(spectra.prefix(count)), isHeard: kept.map { $0 > loud })
    return (frames, kept)
  }

  private static func centred(_ frames: [Frame], isHeard: [Bool]) -> [Frame] {
    let heard = frames.indices.filter { isHeard[$0] }
    guard !heard.isEmpty else { return frames.map { _ in .zero } }
    let scale = 1 / Float(heard.count)
    let mean = heard.reduce(Frame.zero) { $0 + frames[$1] } * scale
    return frames.indices.map { index in
      guard isHeard[index] else { return .zero }
      let frame = frames[index] - mean
      var result = Frame.zero
      // Harmony has a slightly greater weight than timbre.
      for (range, weight) in [(0..<pitchClasses, Float(0.6)), (pitchClasses..<pitchClasses + bands, 0.4)] {
        var square: Float = 0
        for bin in range { square += frame[bin] * frame[bin] }
        guard square > 1e-12 else { continue }
        let gain = (weight / square).squareRoot()
        for bin in range { result[bin] = frame[bin] * gain }
      }
      return result
    }
  }
}

/// Means of `factor` consecutive values.
private struct Merge<Value> {
  var factor = 1
  private var waiting: [Value] = []

  mutating func add(_ value: Value) -> Value? where Value: Averaged {
    waiting.append(value)
    guard waiting.count == factor else { return nil }
    defer { waiting.removeAll(keepingCapacity: true) }
    return Value.mean(waiting)
  }

  mutating func halve(_ values: inout [Value]) where Value: Averaged {
    values = (0..<values.count / 2).map { Value.mean([values[2 * $0], values[2 * $0 + 1]]) }
    factor *= 2
  }
}

private protocol Averaged {
  static func mean(_ values: [Self]) -> Self
}

extension Double: Averaged {
  fileprivate static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension SIMD32<Float>: Averaged {
  fileprivate static func mean(_ values: [SIMD32<Float>]) -> SIMD32<Float> {
    values.count == 1 ? values[0] : values.reduce(.zero, +) * (1 / Float(values.count))
  }
}
