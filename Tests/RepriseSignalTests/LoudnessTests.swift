import Foundation
import RepriseSignal
import Testing

@Suite("Loudness")
struct LoudnessTests {
  private static func sine(
    _ hertz: Double, amplitude: Double, channels: Int, phase: Double = 0, rate: Int = 48000, seconds: Double = 5
  ) -> [Float] {
    (0..<Int(Double(rate) * seconds)).flatMap { index in
      let value = Float(amplitude * sin(2 * Double.pi * hertz * Double(index) / Double(rate) + phase))
      return [Float](repeating: value, count: channels)
    }
  }

  @Test("a 997 Hz sine at full scale in one channel is -3.01 LKFS (ITU-R BS.1770-4)")
  func reference() throws {
    let samples = Self.sine(997, amplitude: 1, channels: 1)
    let measured = try measureLoudness(interleaved: samples, channels: 1, sampleRate: 48000)
    #expect(abs(measured.integrated + 3.01) < 0.05)
    #expect(abs(measured.truePeak) < 0.1)
  }

  @Test(
    "a stereo sine at -23 dBFS is -23 LUFS at every rate (EBU Tech 3341, case 1)", arguments: [44100, 48000, 96000])
  func tech3341(rate: Int) throws {
    let samples = Self.sine(1000, amplitude: pow(10, -23.0 / 20), channels: 2, rate: rate)
    let measured = try measureLoudness(interleaved: samples, channels: 2, sampleRate: rate)
    #expect(abs(measured.integrated + 23) < 0.1)
    #expect(measured.range < 0.1)
  }

  @Test("a peak between samples is found (EBU Tech 3341, case 16: -6 dBTP within +0.2 and -0.4)")
  func truePeak() throws {
    let samples = Self.sine(12000, amplitude: 0.5, channels: 2, phase: Double.pi / 4)
    #expect((samples.map(abs).max() ?? 1) < 0.36)
    let measured = try measureLoudness(interleaved: samples, channels: 2, sampleRate: 48000)
    #expect((-6.4 ... -5.8).contains(measured.truePeak))
  }

  @Test("piece by piece measures what the whole measures, with or without peaks")
  func streaming() throws {
    let samples = Self.sine(300, amplitude: 0.3, channels: 2, seconds: 3)
    let whole = try measureLoudness(interleaved: samples, channels: 2, sampleRate: 48000)
    var meter = try LoudnessMeter(channels: 2, sampleRate: 48000)
    var quick = try LoudnessMeter(channels: 2, sampleRate: 48000, measuringPeaks: false)
    for start in stride(from: 0, to: samples.count, by: 2 * 1001) {
      let piece = Array(samples[start..<min(samples.count, start + 2 * 1001)])
      try meter.add(piece)
      try quick.add(piece)
    }
    #expect(meter.loudness() == whole)
    #expect(quick.integrated == whole.integrated)
  }

  @Test("silence is minus infinity, and a sample that is no number does not spoil the rest")
  func edges() throws {
    let silence = try measureLoudness(interleaved: [Float](repeating: 0, count: 96000), channels: 2, sampleRate: 48000)
    #expect(silence.integrated == -.infinity && silence.truePeak == -.infinity)
    var samples = Self.sine(1000, amplitude: 0.1, channels: 1)
    let clean = try measureLoudness(interleaved: samples, channels: 1, sampleRate: 48000)
    samples[1000] = .nan
    samples[2000] = .infinity
    let dirty = try measureLoudness(interleaved: samples, channels: 1, sampleRate: 48000)
    #expect(abs(dirty.integrated - clean.integrated) < 0.1)
  }

  @Test("rates and channels beyond the meter are refused")
  func refusals() {
    #expect(throws: SignalError.self) { try LoudnessMeter(channels: 0, sampleRate: 48000).integrated }
    #expect(throws: SignalError.self) { try LoudnessMeter(channels: 65, sampleRate: 48000).integrated }
    #expect(throws: SignalError.self) { try LoudnessMeter(channels: 2, sampleRate: 1_000_000_000).integrated }
  }
}
