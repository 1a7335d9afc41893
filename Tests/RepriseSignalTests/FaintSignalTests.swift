import Foundation
import RepriseSignal
import TestSupport
import Testing

@Suite("Faint or silent")
struct FaintSignalTests {
  private func isSilent(_ samples: [Float], channels: Int = 1) -> Bool {
    var faint = FaintSignal(channels: channels)
    for start in stride(from: 0, to: samples.count, by: 256 * channels) {
      let part = Array(samples[start..<min(start + 256 * channels, samples.count)])
      faint.add(part.span, largest: PeakMeter.largest(part.span))
    }
    return faint.isSilent
  }

  /// White noise, −1…1.
  private static func noise(_ count: Int) -> [Double] {
    var random = Seeded(3)
    return (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
  }

  /// Seconds of two tones at 44.1 kHz.
  private static func tones(_ seconds: Double) -> [Double] {
    (0..<Int(seconds * 44100)).map { frame -> Double in
      let turn = Double(frame)
      return 0.5 * sin(turn * 0.0627) + 0.5 * sin(turn * 0.911)
    }
  }

  /// Samples times a factor, rounded to integers of 24 or 16 bits if wanted.
  private static func scaled(_ samples: [Double], _ factor: Double, bits: Int? = nil) -> [Float] {
    samples.map { sample -> Float in
      let value: Double = sample * factor
      guard let bits else { return Float(value) }
      let steps = Double(1 << (bits - 1))
      return Float((value * steps).rounded() / steps)
    }
  }

  @Test("a take far under full scale is not silent where its encoding resolves it", arguments: [-85.0, -100, -115])
  func faint(level: Double) {
    let factor = pow(10, level / 20)
    #expect(!isSilent(Self.scaled(Self.tones(2), factor)))
    if level > -110 { #expect(!isSilent(Self.scaled(Self.tones(2), factor, bits: 24))) }
    // Steady tones over a floor of noise 30 dB lower.
    let floor = Self.noise(88200)
    let overFloor = zip(Self.tones(2), floor).map { tone, noise -> Double in tone + 0.03 * noise }
    #expect(!isSilent(Self.scaled(overFloor, factor)))
    // Bursts of noise, as of drums, over a floor.
    let bursts = floor.enumerated().map { frame, noise -> Double in frame % 22050 < 4000 ? noise : 0.05 * noise }
    #expect(!isSilent(Self.scaled(bursts, factor)))
  }

  @Test("dither, offsets, hiss and nothing at all are silent")
  func silent() {
    #expect(isSilent([]) && isSilent([0, 0, 0]))
    #expect(isSilent([Float](repeating: 0.000_05, count: 50000)))
    // Triangular dither of 16 bits, in any container.
    let noise = Self.noise(176_400)
    let triangular = (0..<88200).map { frame -> Double in (noise[frame] + noise[frame + 88200]) / 2 / 32768 }
    #expect(isSilent(Self.scaled(triangular, 1, bits: 16)))
    // 16 bits just under -80 dBFS.
    #expect(isSilent(Self.scaled(Self.tones(1), 0.000_09, bits: 16)))
    // The hiss of a converter in floats, in one channel or both, with digital silence around it.
    let hiss = Self.scaled(noise, 0.000_06)
    #expect(isSilent(hiss))
    #expect(isSilent(hiss, channels: 2))
    #expect(isSilent([Float](repeating: 0, count: 5120) + hiss))
    #expect(isSilent(Self.scaled(Self.tones(1), 0.000_000_5)))
  }

  @Test("one sample of -80 dBFS is enough")
  func audible() {
    var samples = [Float](repeating: 0, count: 10000)
    samples[7000] = -0.0001
    #expect(!isSilent(samples))
  }
}
