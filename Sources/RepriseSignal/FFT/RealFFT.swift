internal import CKissFFT

/// The discrete Fourier transform of real signals, X[k] = Σ x[n]·e^(−2πi·kn/N), not scaled.
package struct RealFFT: ~Copyable {
  /// Number of input samples, N; even.
  package let size: Int
  /// Number of output bins: N/2 + 1, from 0 Hz to half the sample rate.
  package var bins: Int { size / 2 + 1 }

  private let plan: Plan
  private var spectrum: [kiss_fft_cpx]

  /// Plans a transform of `size` samples: even, 2 or more; products of powers of 2, 3 and 5 are fast.
  package init(size: Int) {
    precondition(size >= 2 && size.isMultiple(of: 2) && size <= 1 << 26, "an FFT's size must be even and sensible")
    self.size = size
    plan = Plan(size: size)
    spectrum = Array(repeating: kiss_fft_cpx(r: 0, i: 0), count: size / 2 + 1)
  }

  /// Transforms `size` samples to the real and imaginary parts of `bins` bins.
  package mutating func transform(_ samples: [Float], real: inout [Float], imaginary: inout [Float]) {
    run(samples)
    real.resize(to: bins)
    imaginary.resize(to: bins)
    for bin in 0..<bins {
      real[bin] = spectrum[bin].r
      imaginary[bin] = spectrum[bin].i
    }
  }

  /// Transforms `size` samples to the magnitudes |X[k]| of `bins` bins.
  package mutating func magnitudes(of samples: [Float], into magnitudes: inout [Float]) {
    run(samples)
    magnitudes.resize(to: bins)
    for bin in 0..<bins {
      let value = spectrum[bin]
      magnitudes[bin] = (value.r * value.r + value.i * value.i).squareRoot()
    }
  }

  private mutating func run(_ samples: [Float]) {
    precondition(samples.count == size)
    unsafe samples.withUnsafeBufferPointer { input in
      unsafe spectrum.withUnsafeMutableBufferPointer { output in
        unsafe kiss_fftr(plan.pointer, input.baseAddress, output.baseAddress)
      }
    }
  }

  @safe struct Plan: ~Copyable {
    let pointer: kiss_fftr_cfg

    init(size: Int, isInverse: Bool = false) {
      guard let made = unsafe kiss_fftr_alloc(Int32(size), isInverse ? 1 : 0, nil, nil) else {
        fatalError("no memory for an FFT of \(size) samples")
      }
      unsafe pointer = unsafe made
    }

    // kiss_fftr_free is a macro for the C library's free.
    deinit { unsafe kiss_fft_release(pointer) }
  }
}

extension [Float] {
  fileprivate mutating func resize(to count: Int) {
    if self.count != count { self = Array(repeating: 0, count: count) }
  }
}
