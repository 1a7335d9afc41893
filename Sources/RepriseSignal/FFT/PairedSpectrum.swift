import Foundation

/// Magnitudes of the discrete Fourier transform of two real signals at a time, of any size.
///
/// The size need not have small factors: the transform is a convolution with a chirp (Bluestein, IEEE Transactions on
/// Audio and Electroacoustics 18(4), 1970). The signals are the real and the imaginary part of one complex signal.
package struct PairedSpectrum: ~Copyable {
  /// Number of samples of each signal, N.
  package let size: Int
  /// Number of output bins: (N + 1)/2, those below half the sample rate.
  package var bins: Int { (size + 1) / 2 }

  private let length: Int
  private let chirp: (real: [Float], imaginary: [Float])
  private let kernel: (real: [Float], imaginary: [Float], scale: Float)
  private var forward: RealFFT
  private var inverse: InverseRealFFT
  private var signal: (real: [Float], imaginary: [Float])
  private var ofReal: (real: [Float], imaginary: [Float]) = ([], [])
  private var ofImaginary: (real: [Float], imaginary: [Float]) = ([], [])
  private var product: (real: [Float], imaginary: [Float])

  /// Plans a transform of `size` samples, 2 or more.
  package init(size: Int) {
    precondition(size >= 2 && size <= 1 << 22, "a transform's size must be sensible")
    self.size = size
    length = Self.fastLength(2 * size - 1)
    forward = RealFFT(size: length)
    inverse = InverseRealFFT(size: length)
    // e^(−πi·n²/N); n² is reduced first, as large angles lose their digits.
    let angles = (0..<size).map { -Double.pi * Double($0 * $0 % (2 * size)) / Double(size) }
    chirp = (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
    signal = ([Float](repeating: 0, count: length), [Float](repeating: 0, count: length))
    product = ([Float](repeating: 0, count: length / 2 + 1), [Float](repeating: 0, count: length / 2 + 1))
    // The conjugate chirp, even in n, has a transform that is even too: real and imaginary parts apart.
    var even = signal
    for index in 0..<size {
      let other = index == 0 ? 0 : length - index
      even.real[index] = chirp.real[index]
      even.real[other] = chirp.real[index]
      even.imaginary[index] = -chirp.imaginary[index]
      even.imaginary[other] = -chirp.imaginary[index]
    }
    var (real, imaginary, rest): ([Float], [Float], [Float]) = ([], [], [])
    forward.transform(even.real, real: &real, imaginary: &rest)
    forward.transform(even.imaginary, real: &imaginary, imaginary: &rest)
    kernel = (real, imaginary, 1 / Float(length))
  }

  // The least even product of powers of 2, 3 and 5 that is not less than a number.
  private static func fastLength(_ least: Int) -> Int {
    var length = least + least % 2
    while true {
      var rest = length
      for factor in [2, 3, 5] { while rest.isMultiple(of: factor) { rest /= factor } }
      if rest == 1 { return length }
      length += 2
    }
  }

  /// Transforms two signals of `size` samples each to the magnitudes |X[k]| of `bins` bins.
  package mutating func magnitudes(
    of one: [Float], _ other: [Float], into first: inout [Float], _ second: inout [Float]
  ) {
    precondition(one.count == size && other.count == size)
    for index in 0..<size {
      let (c, s) = (chirp.real[index], chirp.imaginary[index])
      signal.real[index] = one[index] * c - other[index] * s
      signal.imaginary[index] = one[index] * s + other[index] * c
    }
    for index in size..<length {
      signal.real[index] = 0
      signal.imaginary[index] = 0
    }
    forward.transform(signal.real, real: &ofReal.real, imaginary: &ofReal.imaginary)
    forward.transform(signal.imaginary, real: &ofImaginary.real, imaginary: &ofImaginary.imaginary)
    convolve(ofReal, kernel.real, minus: ofImaginary, kernel.imaginary)
    inverse.transform(real: product.real, imaginary: product.imaginary, into: &signal.real)
    convolve(ofImaginary, kernel.real, minus: ofReal, kernel.imaginary.map { -$0 })
    inverse.transform(real: product.real, imaginary: product.imaginary, into: &signal.imaginary)
    if first.count != bins { first = Array(repeating: 0, count: bins) }
    if second.count != bins { second = Array(repeating: 0, count: bins) }
    for bin in 0..<bins {
      // X₁[k] = (Y[k] + Y*[N − k])/2, X₂[k] = (Y[k] − Y*[N − k])/2i.
      let (a, b) = value(bin)
      let (c, d) = value(bin == 0 ? 0 : size - bin)
      first[bin] = 0.5 * ((a + c) * (a + c) + (b - d) * (b - d)).squareRoot()
      second[bin] = 0.5 * ((b + d) * (b + d) + (a - c) * (a - c)).squareRoot()
    }
  }

  private mutating func convolve(
    _ one: (real: [Float], imaginary: [Float]), _ kernel: [Float], minus other: (real: [Float], imaginary: [Float]),
    _ otherKernel: [Float]
  ) {
    for bin in product.real.indices {
      product.real[bin] = one.real[bin] * kernel[bin] - other.real[bin] * otherKernel[bin]
      product.imaginary[bin] = one.imaginary[bin] * kernel[bin] - other.imaginary[bin] * otherKernel[bin]
    }
  }

  // The transform of the complex signal at a bin.
  private func value(_ bin: Int) -> (Float, Float) {
    let (c, s) = (chirp.real[bin] * kernel.scale, chirp.imaginary[bin] * kernel.scale)
    return (
      signal.real[bin] * c - signal.imaginary[bin] * s, signal.real[bin] * s + signal.imaginary[bin] * c
    )
  }
}
