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
      let peaks = (0..<channels).map { channel in
        stride(from: channel, to: part.count, by: channels).reduce(Float(0)) { max($0, abs(part[$1])) }
      }
      tops.add(part.span, at: frame, peaks: peaks)
      frame += block
    }
    return tops.found(frames: samples.count / channels)
  }

  /// Two incommensurate tones of a peak of about 1.
  private static func tone(_ frame: Int, rate: Double = 44100) -> Double {
    let time = Double(frame) / rate
    return 0.6 * sin(2 * .pi * 441.7 * time) + 0.4 * sin(2 * .pi * 1203.3 * time + 1)
  }

  private static func rounded(_ sample: Double, bits: Int) -> Float {
    let scale = Double(1 << (bits - 1))
    return Float(min(max((sample * scale).rounded(), -scale), scale - 1) / scale)
  }

  @Test(
    "what is cut off is found at any ceiling, in floats and in integers, in blocks of any size",
    arguments: [0.1, 0.5, 0.97, 1, 1.5, 3.2, 40], [1, 7, 256, 4096])
  func ceilings(ceiling: Double, block: Int) {
    let samples = (0..<44100).map { Float(min(max(2 * Self.tone($0), -1), 1) * ceiling) }
    let flat = samples.count { abs($0) == Float(ceiling) }
    let found = tops(samples, block: block)
    #expect(abs(Double(found.level) - ceiling) < 1e-5 * ceiling)
    #expect(found.samples <= flat && Double(found.samples) > 0.9 * Double(flat))
    #expect(found.count > 500 && found.first != nil && found.longest?.count ?? 0 > 10)
  }

  @Test("what is cut off at full scale is found at every width", arguments: [8, 16, 20, 24])
  func widths(bits: Int) {
    let samples = (0..<44100).map { Self.rounded(2 * Self.tone($0), bits: bits) }
    let found = tops(samples)
    // The positive full scale of 8 bits is 0.1 dB under 1, as many a level is.
    let flat = samples.count { bits == 8 ? $0 == -1 : abs($0) >= 0.99996 }
    #expect(Double(found.samples) > 0.9 * Double(flat) && found.samples <= flat)
  }

  @Test("smooth peaks are none, at any level and width", arguments: [0.3, 0.999, 1, 1.4, 3.2], [8, 16, 24, 32])
  func smooth(level: Double, bits: Int) {
    for hertz in [21.3, 55.1, 441.7, 5001.3] {
      let samples = (0..<44100).map { frame -> Float in
        let sample = level * sin(2 * .pi * hertz * Double(frame) / 44100)
        return bits == 32
          ? Float(sample) : Self.rounded(min(max(sample, -1), 1 - 1 / Double(1 << (bits - 1))), bits: bits)
      }
      // Integers over full scale are cut off in truth.
      guard bits == 32 || level <= 1 else { continue }
      let found = tops(samples)
      #expect(Double(found.samples) < 0.0005 * 44100, "\(hertz) Hz: \(found.samples)")
    }
  }

  @Test("a square wave is none under full scale, whatever its envelope", arguments: [0.2, 0.5, 0.95])
  func square(level: Double) {
    let samples = (0..<44100).map { frame -> Float in
      let envelope = exp(-Double(frame % 8000) / 6000)
      return Float((frame / 50 % 2 == 0 ? level : -level) * (frame % 16000 < 8000 ? 1 : envelope))
    }
    #expect(tops(samples).samples == 0)
  }

  @Test("one channel that is cut off is found beside others, louder and softer ones", arguments: [2, 3, 6])
  func channels(channels: Int) {
    let samples = (0..<44100).flatMap { frame in
      (0..<channels).map { channel -> Float in
        let tone = Self.tone(frame + 977 * channel)
        return channel == 1 ? Float(min(max(tone, -0.4), 0.4)) : Float(tone) * (channel == 0 ? 0.9 : 0.05)
      }
    }
    let found = tops(samples, channels: channels)
    #expect(found.level == 0.4 && found.samples > 1000)
  }

  @Test("a louder peak behind flat tops makes them none, unless they stand at full scale")
  func ceilingRises() {
    func samples(_ ceiling: Double) -> [Float] {
      (0..<44100).map { Float(min(max(2 * Self.tone($0), -ceiling), ceiling)) } + [0, 1.7, 0]
    }
    #expect(tops(samples(0.5)).samples == 0)
    #expect(tops(samples(1)).samples > 1000)
  }

  @Test("a run at the beginning and one at the end count, values that are no numbers end one")
  func edges() {
    #expect(tops([1, 1, 1, 1, 0, -0.5, -1, -1, -1]).samples == 7)
    #expect(tops([0, 1, 1, .nan, 1, 1, 0]).samples == 0)
    #expect(tops([]).samples == 0 && tops([0, 0, 0, 0]).samples == 0)
  }
}
