import Foundation
import RepriseSignal
import TestSupport
import Testing

@Suite("The Fourier transform of any size")
struct PairedSpectrumTests {
  @Test("magnitudes of both signals agree with the transform's definition", arguments: [2, 3, 60, 83, 251, 1411])
  func definition(size: Int) {
    var random = Seeded(UInt64(size))
    let signals = (0..<2).map { _ in (0..<size).map { _ in Float.random(in: -1...1, using: &random) } }
    var transform = PairedSpectrum(size: size)
    var found: [[Float]] = [[], []]
    // Twice: the second must not depend on the first.
    for _ in 0..<2 {
      var (first, second): ([Float], [Float]) = ([], [])
      transform.magnitudes(of: signals[0], signals[1], into: &first, &second)
      found = [first, second]
    }
    #expect(transform.bins == (size + 1) / 2)
    for (signal, magnitudes) in zip(signals, found) {
      #expect(magnitudes.count == transform.bins)
      for bin in stride(from: 0, to: transform.bins, by: max(1, size / 40)) {
        var sum = (0.0, 0.0)
        for (index, sample) in signal.enumerated() {
          let angle = -2 * Double.pi * Double(bin * index % size) / Double(size)
          sum.0 += Double(sample) * cos(angle)
          sum.1 += Double(sample) * sin(angle)
        }
        #expect(abs(Double(magnitudes[bin]) - (sum.0 * sum.0 + sum.1 * sum.1).squareRoot()) < 1e-4 * Double(size))
      }
    }
  }
}
