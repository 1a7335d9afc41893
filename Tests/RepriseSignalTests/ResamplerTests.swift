import Foundation
import RepriseSignal
import Testing

@Suite("Resampling")
struct ResamplerTests {
  private static func sine(_ hertz: Double, rate: Double, seconds: Double) -> [Float] {
    (0..<Int(rate * seconds)).map { Float(sin(2 * Double.pi * hertz * Double($0) / rate)) }
  }

  @Test(
    "a sine comes out as the same sine at the new rate",
    arguments: [(44100.0, 22050.0), (8000, 22050), (96000, 22050), (48000, 44100), (44100, 176_400)])
  func sine(from: Double, to: Double) throws {
    let output = try resample(Self.sine(1000, rate: from, seconds: 1), channels: 1, from: from, to: to)
    let ideal = Self.sine(1000, rate: to, seconds: 1)
    #expect(abs(output.count - ideal.count) <= 1)
    let middle = (ideal.count / 10)..<(ideal.count * 9 / 10)
    let worst = middle.map { abs(output[$0] - ideal[$0]) }.max() ?? 1
    #expect(worst < 1e-3)
  }

  @Test("what the new rate cannot hold is taken out instead of folding back")
  func aliases() throws {
    let output = try resample(Self.sine(15000, rate: 44100, seconds: 1), channels: 1, from: 44100, to: 22050)
    let middle = (output.count / 10)..<(output.count * 9 / 10)
    #expect((middle.map { abs(output[$0]) }.max() ?? 1) < 3e-5)
  }

  @Test("piece by piece gives what the whole gives, channel by channel")
  func streaming() throws {
    let left = Self.sine(440, rate: 48000, seconds: 0.5)
    let right = Self.sine(3000, rate: 48000, seconds: 0.5)
    let both = zip(left, right).flatMap { [$0, $1] }
    let whole = try resample(both, channels: 2, from: 48000, to: 44100)
    var resampler = try StreamResampler(channels: 2, from: 48000, to: 44100)
    var pieces: [Float] = []
    for start in stride(from: 0, to: both.count, by: 2 * 777) {
      pieces += try resampler.process(Array(both[start..<min(both.count, start + 2 * 777)]))
    }
    pieces += try resampler.finish()
    #expect(pieces == whole)
    let alone = try resample(left, channels: 1, from: 48000, to: 44100)
    #expect(2 * alone.count == whole.count)
    #expect(zip(alone, stride(from: 0, to: whole.count, by: 2)).allSatisfy { abs($0 - whole[$1]) < 1e-5 })
  }

  @Test("equal rates change nothing, and no audio stays no audio")
  func nothing() throws {
    #expect(try resample([0.5, -0.5], channels: 1, from: 44100, to: 44100) == [0.5, -0.5])
    #expect(try resample([], channels: 2, from: 44100, to: 22050).isEmpty)
  }

  @Test("rates and channels that make no sense are refused")
  func refusals() {
    #expect(throws: SignalError.self) { try resample([0], channels: 1, from: 0, to: 22050) }
    #expect(throws: SignalError.self) { try resample([0], channels: 1, from: 1e9, to: 22050) }
    #expect(throws: SignalError.self) { try resample([0], channels: 1, from: .nan, to: 22050) }
    #expect(throws: SignalError.self) { try resample([], channels: 0, from: 44100, to: 22050) }
  }
}
