import Foundation
import RepriseSignal
import TestSupport
import Testing

@Suite("The Fourier transform")
struct FFTTests {
  @Test("the FFT agrees with the transform's definition", arguments: [2, 8, 60, 256])
  func definition(size: Int) {
    var random = Seeded(UInt64(size))
    let samples = (0..<size).map { _ in Float.random(in: -1...1, using: &random) }
    var fft = RealFFT(size: size)
    var real: [Float] = []
    var imaginary: [Float] = []
    fft.transform(samples, real: &real, imaginary: &imaginary)
    var magnitudes: [Float] = []
    fft.magnitudes(of: samples, into: &magnitudes)
    #expect(real.count == size / 2 + 1)
    for bin in 0...(size / 2) {
      var sum = (0.0, 0.0)
      for (index, sample) in samples.enumerated() {
        let angle = -2 * Double.pi * Double(bin * index) / Double(size)
        sum.0 += Double(sample) * cos(angle)
        sum.1 += Double(sample) * sin(angle)
      }
      #expect(abs(Double(real[bin]) - sum.0) < 1e-4)
      #expect(abs(Double(imaginary[bin]) - sum.1) < 1e-4)
      #expect(abs(Double(magnitudes[bin]) - (sum.0 * sum.0 + sum.1 * sum.1).squareRoot()) < 1e-4)
    }
  }

  @Test("the inverse gives the samples back, N times as large", arguments: [2, 8, 60, 324])
  func inverse(size: Int) {
    var random = Seeded(UInt64(size))
    let samples = (0..<size).map { _ in Float.random(in: -1...1, using: &random) }
    var real: [Float] = []
    var imaginary: [Float] = []
    var forward = RealFFT(size: size)
    forward.transform(samples, real: &real, imaginary: &imaginary)
    var back: [Float] = []
    var inverse = InverseRealFFT(size: size)
    inverse.transform(real: real, imaginary: imaginary, into: &back)
    #expect(back.count == size)
    for (one, other) in zip(samples, back) { #expect(abs(one - other / Float(size)) < 1e-5) }
  }

  @Test("a sinusoid of amplitude 1 has magnitude 1 at its bin, in every whole frame")
  func sinusoid() {
    let samples = (0..<4096).map { Float(cos(2 * Double.pi * 16 * Double($0) / 256)) }
    var transform = ShortTimeSpectrum(window: 256, hop: 128)
    var frames = 0
    transform.forEachFrame(of: samples) { frame, magnitudes in
      frames += 1
      guard (1...30).contains(frame) else { return }
      #expect(abs(magnitudes[16] - 1) < 1e-3)
      #expect(magnitudes[20] < 1e-3)
    }
    #expect(frames == transform.frames(in: 4096))
    #expect(frames == 32)
  }

  @Test("frame i is centred on sample i times the hop")
  func centre() {
    var samples = [Float](repeating: 0, count: 2048)
    samples[1024] = 1
    var transform = ShortTimeSpectrum(window: 256, hop: 128)
    var energies: [Float] = []
    transform.forEachFrame(of: samples) { _, magnitudes in energies.append(magnitudes.reduce(0, +)) }
    #expect(energies.indices.max { energies[$0] < energies[$1] } == 8)
    #expect(abs(energies[7]) < 1e-5 && abs(energies[9]) < 1e-5)
  }

  @Test("a tone lands in the mel band it belongs to, and every band takes something")
  func mel() {
    let mel = MelBands(count: 40, lowest: 30, highest: 10_000, size: 1024, sampleRate: 22050)
    #expect(mel.count == 40)
    var bands: [Float] = []
    mel.apply(to: [Float](repeating: 1, count: 513), into: &bands)
    #expect(bands.allSatisfy { $0 > 0 })
    func band(of hertz: Double) -> Int? {
      var magnitudes = [Float](repeating: 0, count: 513)
      magnitudes[Int((hertz * 1024 / 22050).rounded())] = 1
      mel.apply(to: magnitudes, into: &bands)
      return bands.indices.max { bands[$0] < bands[$1] }
    }
    // 1000 Hz is 1000 mel; 41 steps from 47 to 3073 mel put it at place 12.9, so into the band centred on step 13.
    #expect(band(of: 1000) == 12)
    #expect(band(of: 9700) == 39)
  }
}
