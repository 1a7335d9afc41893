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

  private static func noise(_ count: Int) -> [Double] {
    var random = Seeded(3)
    return (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
  }

  /// Seconds of two tones at 44.1 kHz.
  private static func tones(_ seconds: Double) -> [Double] {
    (0..<Int(seconds * 44100)).map { 0.5 * sin(Double($0) * 0.0627) + 0.5 * sin(Double($0) * 0.911) }
  }

  @Test("a take far under full scale is not silent where its encoding resolves it", arguments: [-85.0, -100, -115])
  func faint(level: Double) {
    let factor = pow(10, level / 20)
    #expect(!isSilent(Self.tones(2).map { Float($0 * factor) }))
    // 24 bits.
    #expect(!isSilent(Self.tones(2).map { Float(($0 * factor * 8_388_608).rounded() / 8_388_608) }) || level < -110)
    // Stationary tones over a floor of noise 30 dB lower.
    let floor = Self.noise(88200)
    #expect(!isSilent(zip(Self.tones(2), floor).map { Float(($0 + 0.03 * $1) * factor) }))
    // Bursts of noise, as of drums, over a floor.
    #expect(!isSilent(floor.enumerated().map { Float($1 * factor * ($0 % 22050 < 4000 ? 1 : 0.05)) }))
  }

  @Test("dither, offsets, hiss and nothing at all are silent")
  func silent() {
    let noise = Self.noise(176_400)
    #expect(isSilent([]) && isSilent([0, 0, 0]) && isSilent([Float](repeating: 0.000_05, count: 50000)))
    // Triangular dither of 16 bits, in any container.
    #expect(isSilent((0..<88200).map { Float((noise[$0] / 2 + noise[$0 + 88200] / 2).rounded() / 32768) }))
    // 16 bits just under -80 dBFS.
    #expect(isSilent(Self.tones(1).map { Float(($0 * 3).rounded() / 32768) }))
    // The hiss of a converter in floats, in one channel or both, with digital silence around it.
    #expect(isSilent(noise.map { Float($0 * 0.000_06) }))
    #expect(isSilent(noise.map { Float($0 * 0.000_06) }, channels: 2))
    #expect(isSilent([Float](repeating: 0, count: 5120) + noise.map { Float($0 * 0.000_06) }))
    #expect(isSilent(Self.tones(1).map { Float($0 * 0.000_000_5) }))
  }

  @Test("one sample of -80 dBFS is enough")
  func audible() {
    var samples = [Float](repeating: 0, count: 10000)
    samples[7000] = -0.0001
    #expect(!isSilent(samples))
  }
}
