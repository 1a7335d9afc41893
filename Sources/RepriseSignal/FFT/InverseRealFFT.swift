internal import CKissFFT

/// The inverse discrete Fourier transform to real signals, x[n] = Σ X[k]·e^(2πi·kn/N), not scaled: N times the signal
/// whose transform is X.
package struct InverseRealFFT: ~Copyable {
  /// Number of output samples, N; even.
  package let size: Int
  /// Number of input bins: N/2 + 1, from 0 Hz to half the sample rate.
  package var bins: Int { size / 2 + 1 }

  private let plan: RealFFT.Plan
  private var spectrum: [kiss_fft_cpx]

  /// Plans a transform to `size` samples: even, 2 or more; products of powers of 2, 3 and 5 are fast.
  package init(size: Int) {
    precondition(size >= 2 && size.isMultiple(of: 2) && size <= 1 << 26, "an FFT's size must be even and sensible")
    self.size = size
    plan = RealFFT.Plan(size: size, isInverse: true)
    spectrum = Array(repeating: kiss_fft_cpx(r: 0, i: 0), count: size / 2 + 1)
  }

  /// Transforms the real and imaginary parts of `bins` bins, the first of each array, to `size` samples; the imaginary
  /// parts of the first and the last bin are taken as 0.
  package mutating func transform(real: [Float], imaginary: [Float], into samples: inout [Float]) {
    precondition(real.count >= bins && imaginary.count >= bins)
    for bin in 0..<bins { spectrum[bin] = kiss_fft_cpx(r: real[bin], i: imaginary[bin]) }
    if samples.count != size { samples = Array(repeating: 0, count: size) }
    unsafe spectrum.withUnsafeBufferPointer { input in
      unsafe samples.withUnsafeMutableBufferPointer { output in
        unsafe kiss_fftri(plan.pointer, input.baseAddress, output.baseAddress)
      }
    }
  }
}
