import Foundation
import RepriseAnalysis
import RepriseSystem
import Testing

@Suite("The constant-Q transform")
struct ConstantQTests {
  // librosa 0.11's levels of the same signal by Tests/Oracles/check_chord_network.py: bin and dB against the loudest.
  private static let librosa: [Int: Float] = [
    61: -43.18, 62: -6.04, 63: 0, 64: -5.97, 65: -43.45, 191: -25.43, 192: -15.59, 193: -18.50, 194: -37.83,
    245: -29.32, 246: -23.26, 247: -29.23,
  ]

  @Test("levels are those of librosa's cqt")
  func levels() throws {
    let signal = (0..<(3 * 22050)).map { index -> Float in
      let time = Double(index) / 22050
      let parts = [(0.5, 110.0), (0.3, 1325.0), (0.2, 3729.31)].map { $0.0 * sin(2 * Double.pi * $0.1 * time) }
      return Float(parts.reduce(0, +))
    }
    let levels = try Self.levels(of: signal, tuning: 0)
    for (bin, level) in levels.enumerated() {
      if let expected = Self.librosa[bin] {
        // On the flanks librosa's whole numbers of samples a window make a difference.
        #expect(abs(level - expected) < (expected > -35 ? 0.3 : 1.5), "bin \(bin)")
      } else {
        #expect(level < -35, "bin \(bin)")
      }
    }
  }

  @Test("a sinusoid in a bin's centre is loudest there, in each octave and whatever the tuning", arguments: 0..<7)
  func centres(octave: Int) throws {
    for tuning in [-0.4, 0, 0.5] {
      let bin = octave * ConstantQ.binsPerOctave + 10
      let frequency = 440 * pow(2, (-45 + tuning + Double(bin) / 3) / 12)
      let signal = (0..<(3 * 22050)).map { Float(sin(2 * Double.pi * frequency * Double($0) / 22050)) }
      let levels = try Self.levels(of: signal, tuning: tuning)
      #expect(levels.indices.max { levels[$0] < levels[$1] } == bin)
      // Of a Hann window a bin and two bins away.
      #expect(abs(levels[bin - 1] + 6) < 0.3 && abs(levels[bin + 1] + 6) < 0.3)
      for other in levels.indices where abs(other - bin) > 3 { #expect(levels[other] < -40, "bin \(other)") }
    }
  }

  @Test("a signal shorter than a frame has one, an empty one none", arguments: [0, 1, 2048, 2049])
  func lengths(samples: Int) throws {
    let transform = try ConstantQ(of: Array(repeating: 0.5, count: samples), tuning: 0, cancellation: Cancellation())
    #expect(transform.frames == (samples + 2047) / 2048)
    #expect(transform.magnitudes.count == transform.frames * ConstantQ.bins)
    #expect(!transform.magnitudes.contains { !$0.isFinite })
  }

  // Decibels of the frame in the middle, against its loudest bin.
  private static func levels(of signal: [Float], tuning: Double) throws -> [Float] {
    let transform = try ConstantQ(of: signal, tuning: tuning, cancellation: Cancellation())
    let row = transform.magnitudes[(16 * ConstantQ.bins)..<(17 * ConstantQ.bins)]
    let loudest = row.max() ?? 0
    return row.map { 20 * log10(max(1e-9, $0) / loudest) }
  }
}
