import Foundation
import RepriseSystem

/// Constant-Q spectrum in thirds of a semitone, octave by octave: the kernels of the highest octave serve all others,
/// on a signal of half the sample rate each time (Schörkhuber and Klapuri, SMC 2010).
struct OctaveSpectrum: Sendable {
  static let hop = 256
  static let binsPerOctave = 36
  /// Number of bins, from 27.5 Hz.
  static let bins = 309
  /// Length of a kernel and of the low-pass filter, in samples.
  static let length = 256

  /// The first bin that was computed.
  let lowest: Int
  /// Number of frames; frame *i* is centred on sample *i*·hop.
  let frames: Int
  /// Power in dB, at least −100; `width` values a frame.
  private(set) var decibels: [Float]

  /// Number of bins in a frame.
  var width: Int { Self.bins - lowest }

  /// Computes the spectrum of a signal at 22.05 kHz.
  ///
  /// - Throws: `CancellationError`.
  init(of signal: [Float], kernels: Kernels, from lowest: Int = 0, cancellation: Cancellation) throws {
    self.lowest = lowest
    frames = signal.isEmpty ? 0 : (signal.count - 1) / Self.hop + 1
    decibels = Array(repeating: 0, count: frames * (Self.bins - lowest))
    var octave = signal
    var hop = Self.hop
    var top = Self.bins
    while top > lowest, !octave.isEmpty {
      if hop < Self.hop { octave = Self.halved(octave, lowpass: kernels.lowpass) }
      try analyse(octave, hop: max(1, hop), below: top, kernels: kernels, cancellation: cancellation)
      hop /= 2
      top -= Self.binsPerOctave
    }
  }

  // Frames are taken in runs, so that two kernels stay in the nearest cache.
  private mutating func analyse(
    _ signal: [Float], hop: Int, below top: Int, kernels: Kernels, cancellation: Cancellation
  ) throws {
    let reach = Self.length / 2
    // The last frames of a low octave may begin a little after the signal's end.
    let end = max(signal.count, (frames - 1) * hop + 1) + 2 * reach
    var padded = [Float](repeating: 0, count: end)
    for index in padded.indices { padded[index] = Self.reflected(signal, index - reach) }
    for first in stride(from: 0, to: frames, by: 64) {
      try cancellation.check()
      for (pair, kernel) in kernels.pairs.enumerated() {
        let bin = top - Self.binsPerOctave + 2 * pair
        guard bin + 1 >= lowest else { continue }
        for frame in first..<min(frames, first + 64) {
          let parts = Correlation.products(
            of: padded, at: frame * hop + kernel.start, kernel.rows, from: 0, groups: kernel.groups)
          let place = frame * width + bin - lowest
          if bin >= lowest { decibels[place] = Self.decibels(parts.0, parts.1, scale: kernels.scale[bin]) }
          decibels[place + 1] = Self.decibels(parts.2, parts.3, scale: kernels.scale[bin + 1])
        }
      }
    }
  }

  private static func decibels(_ real: Float, _ imaginary: Float, scale: Float) -> Float {
    10 * log10f((real * real + imaginary * imaginary) * scale * scale + 1e-10)
  }

  private static func reflected(_ signal: [Float], _ index: Int) -> Float {
    let last = signal.count - 1
    var place = abs(index)
    if place > last { place = 2 * last - place }
    return place >= 0 && place <= last ? signal[place] : 0
  }

  // Even and odd samples are filtered apart: the sums then run over neighbours.
  private static func halved(_ signal: [Float], lowpass: [Correlation.Taps]) -> [Float] {
    let count = signal.count / 2
    guard count > 0 else { return [] }
    let padded = Correlation.padded(count) + length / 2
    var halves = [[Float]](repeating: Array(repeating: 0, count: padded), count: 2)
    // Output j lies between the samples 2j and 2j + 1; the filter begins 127 samples before 2j.
    for index in signal.indices {
      let place = index + length / 2 - 1
      halves[place % 2][place / 2] = signal[index]
    }
    var even = [Float](repeating: 0, count: Correlation.padded(count))
    var odd = even
    Correlation.apply(lowpass[0], to: halves[0], at: 0, bias: 0, into: &even, at: 0, count: count)
    Correlation.apply(lowpass[1], to: halves[1], at: 0, bias: 0, into: &odd, at: 0, count: count)
    return (0..<count).map { even[$0] + odd[$0] }
  }

  /// What the spectrum is computed with.
  struct Kernels: Sendable {
    /// The kernels of two neighbouring bins, cut to where they are not zero.
    struct Pair: Sendable {
      let start: Int
      let groups: Int
      /// For each group of eight samples: real and imaginary part of the first, of the second.
      let rows: [Float]
    }

    let pairs: [Pair]
    /// The taps for the even and for the odd samples.
    let lowpass: [Correlation.Taps]
    let scale: [Float]

    /// Reads the kernels of a model.
    init(_ weights: WeightFile) throws(WeightError) {
      let shape = [binsPerOctave, length]
      let real = try weights.tensor("cqt.real", shape).values
      let imaginary = try weights.tensor("cqt.imaginary", shape).values
      scale = try weights.tensor("cqt.scale", [bins]).values
      let filter = try weights.tensor("cqt.lowpass.kernel", [1, 1, 1, length]).values
      lowpass = (0..<2).map { phase in
        var taps = Correlation.Taps()
        for tap in stride(from: phase, to: length, by: 2) { taps.append(offset: tap / 2, weight: filter[tap]) }
        return taps
      }
      pairs = stride(from: 0, to: binsPerOctave, by: 2).map { bin in
        let rows = [real, imaginary].flatMap { part in
          (bin...(bin + 1)).map { Array(part[($0 * length)..<(($0 + 1) * length)]) }
        }
        let used = (0..<length).filter { sample in rows.contains { $0[sample] != 0 } }
        let start = (used.first ?? 0) / 8 * 8
        let groups = ((used.last ?? 0) - start) / 8 + 1
        var packed: [Float] = []
        for group in 0..<groups {
          for row in [0, 2, 1, 3] { packed += rows[row][(start + 8 * group)..<(start + 8 * group + 8)] }
        }
        return Pair(start: start, groups: groups, rows: packed)
      }
    }
  }
}
