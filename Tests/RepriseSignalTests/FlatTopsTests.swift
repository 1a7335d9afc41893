import Foundation
import RepriseSignal
import Testing

@Suite("Flat tops")
struct FlatTopsTests {
  /// Adds interleaved samples in blocks of so many frames, as `SignalStatistics` does.
  private func tops(_ samples: [Float], channels: Int = 1, block: Int = 256) -> FlatTops.Tally {
    var tops = FlatTops(channels: channels)
    var frame = 0
    while frame * channels < samples.count {
      let part = Array(samples[frame * channels..<min((frame + block) * channels, samples.count)])
      var peaks = [Float](repeating: 0, count: channels)
      for (index, sample) in part.enumerated() where abs(sample) > peaks[index % channels] {
        peaks[index % channels] = abs(sample)
      }
      tops.add(part.span, at: frame, peaks: peaks)
      frame += block
    }
    return tops.found(frames: samples.count / channels)
  }

  /// Two incommensurate tones of a peak of about 1.
  private static func tone(_ frame: Int, rate: Double = 44100) -> Double {
    let turn: Double = 2 * .pi * Double(frame) / rate
    let low: Double = 0.6 * sin(441.7 * turn)
    let high: Double = 0.4 * sin(1203.3 * turn + 1)
    return low + high
  }

  private static func rounded(_ sample: Double, bits: Int) -> Float {
    let scale = Double(1 << (bits - 1))
    return Float(min(max((sample * scale).rounded(), -scale), scale - 1) / scale)
  }

  /// A second of the tones, amplified and cut off at ±1, times a ceiling.
  private static func cutOff(_ ceiling: Double = 1) -> [Double] {
    (0..<44100).map { frame -> Double in
      let sample: Double = 2 * tone(frame)
      return min(max(sample, -1), 1) * ceiling
    }
  }

  @Test(
    "what is cut off is found at any ceiling, in floats and in integers, in blocks of any size",
    arguments: [0.1, 0.5, 0.97, 1, 1.5, 3.2, 40], [1, 7, 256, 4096])
  func ceilings(ceiling: Double, block: Int) {
    let samples = Self.cutOff(ceiling).map { Float($0) }
    let top = Float(ceiling)
    let flat = samples.count { abs($0) == top }
    let found = tops(samples, block: block)
    #expect(found.level == top)
    #expect(found.samples <= flat && Double(found.samples) > 0.9 * Double(flat))
    #expect(found.count > 500 && found.first != nil && found.longest?.count ?? 0 > 10)
  }

  @Test("what is cut off at full scale is found at every width", arguments: [8, 16, 20, 24])
  func widths(bits: Int) {
    let samples = Self.cutOff().map { Self.rounded($0, bits: bits) }
    let found = tops(samples)
    // The positive full scale of 8 bits is 0.1 dB under 1, as many a level is.
    let flat = samples.count { sample in bits == 8 ? sample == -1 : abs(sample) >= 0.99996 }
    #expect(Double(found.samples) > 0.9 * Double(flat) && found.samples <= flat)
  }

  @Test(
    "smooth peaks are none, at any level and width", arguments: [0.0007, 0.01, 0.05, 0.3, 0.999, 1, 1.4, 3.2],
    [8, 16, 24, 32])
  func smooth(level: Double, bits: Int) {
    // Integers over full scale are cut off in truth.
    guard bits == 32 || level <= 1 else { return }
    for hertz in [21.3, 55.1, 441.7, 5001.3] {
      let samples = (0..<44100).map { frame -> Float in
        let sample: Double = level * sin(2 * .pi * hertz * Double(frame) / 44100)
        return bits == 32 ? Float(sample) : Self.rounded(sample, bits: bits)
      }
      let found = tops(samples)
      #expect(found.samples < 22, "\(hertz) Hz: \(found.samples)")
    }
  }

  @Test("a square wave is none under full scale, whatever its envelope", arguments: [0.2, 0.5, 0.95])
  func square(level: Double) {
    let samples = (0..<44100).map { frame -> Float in
      let decay: Double = exp(-Double(frame % 8000) / 6000)
      let envelope: Double = frame % 16000 < 8000 ? 1 : decay
      let sign: Double = frame / 50 % 2 == 0 ? 1 : -1
      return Float(sign * level * envelope)
    }
    #expect(tops(samples).samples == 0)
  }

  @Test("one channel that is cut off is found beside others, louder and softer ones", arguments: [2, 3, 6])
  func channels(channels: Int) {
    var samples: [Float] = []
    for frame in 0..<44100 {
      for channel in 0..<channels {
        let tone = Self.tone(frame + 977 * channel)
        switch channel {
        case 0: samples.append(Float(0.9 * tone))
        case 1: samples.append(Float(min(max(tone, -0.4), 0.4)))
        default: samples.append(Float(0.05 * tone))
        }
      }
    }
    let found = tops(samples, channels: channels)
    #expect(found.level == 0.4 && found.samples > 1000)
  }

  @Test("a louder peak behind flat tops makes them none, unless they stand at full scale")
  func ceilingRises() {
    let half = Self.cutOff(0.5).map { Float($0) } + [0, 1.7, 0]
    let full = Self.cutOff().map { Float($0) } + [0, 1.7, 0]
    #expect(tops(half).samples == 0)
    #expect(tops(full).samples > 1000)
  }

  @Test("a run at the beginning and one at the end count, values that are no numbers end one")
  func edges() {
    #expect(tops([1, 1, 1, 1, 0, -0.5, -1, -1, -1]).samples == 7)
    #expect(tops([0, 1, 1, .nan, 1, 1, 0]).samples == 0)
    #expect(tops([]).samples == 0 && tops([0, 0, 0, 0]).samples == 0)
  }
}
