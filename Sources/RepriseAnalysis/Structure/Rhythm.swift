import Foundation
import RepriseSignal

/// The rhythm of a stretch of some seconds.
struct Rhythm: Sendable {
  /// How well the flux of all bands repeats at the best period from 0.15 to 4.5 s: its autocorrelation, about 0…1.
  private(set) var repetition = 0.0
  /// How well it repeats at a period shorter than that by a quarter or more, 0 or more.
  ///
  /// A metronome repeats at one period alone. A rhythm has levels: it repeats at its bar, and less well at its beat.
  private(set) var shorter = 0.0
  /// Number of onsets in the best period.
  private(set) var figure = 1.0
  /// Unlikeness of the spectra after onsets.
  let diversity: Double
  /// Share of modulation at the rate of syllables, 0…1.
  let syllables: Double

  private static let bands = SoundTexture.bands

  /// Finds the rhythm in frames of a texture.
  init(_ texture: SoundTexture, _ frames: Range<Int>) {
    let rises = Self.rises(texture, frames)
    let count = rises.count / Self.bands
    let flux = (0..<count).map { frame in
      Double(rises[(frame * Self.bands)..<((frame + 1) * Self.bands)].reduce(0, +))
    }
    let sharp = Trend.removed(from: flux.map(Float.init), rate: SoundTexture.rate).map(Double.init)
    diversity = Self.diversity(texture, frames, onsets: sharp)
    let levels = frames.map { Double(texture.mel[($0 * Self.bands)..<(($0 + 1) * Self.bands)].reduce(0, +)) }
    syllables = Self.syllables(levels.map { $0 / Double(Self.bands) })
    repeats(
      Self.autocorrelation(of: Trend.removed(from: rises, width: Self.bands, rate: SoundTexture.rate)),
      onsets: Self.onsets(sharp))
  }

  private mutating func repeats(_ correlation: [Double], onsets: Int) {
    let count = correlation.count
    let lags = Int(0.15 * SoundTexture.rate)..<max(Int(0.15 * SoundTexture.rate), Self.longest(count))
    let peaks = lags.filter {
      correlation[$0] >= correlation[$0 - 1] && correlation[$0] >= correlation[$0 + 1]
    }
    guard let best = peaks.map({ correlation[$0] }).max(), best > 0,
      // The shortest period that is about as good: the others are multiples.
      let period = peaks.first(where: { correlation[$0] >= 0.95 * best })
    else { return }
    repetition = best
    shorter = peaks.filter { 4 * $0 < 3 * period }.reduce(0) { max($0, correlation[$1]) }
    figure = Double(onsets * period) / Double(count)
  }

  // The lag after the longest.
  private static func longest(_ frames: Int) -> Int { min(Int(4.5 * SoundTexture.rate), frames / 2) }

  // How much each band has risen within two frames, `bands` a frame.
  private static func rises(_ texture: SoundTexture, _ frames: Range<Int>) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(frames.count * bands)
    for frame in frames.dropFirst(2) {
      for band in 0..<bands {
        result.append(max(0, texture.mel[frame * bands + band] - texture.mel[(frame - 2) * bands + band]))
      }
    }
    return result
  }

  // The number of peaks half a standard deviation above the mean.
  private static func onsets(_ flux: [Double]) -> Int {
    let spread = Statistics(flux)
    let limit = spread.mean + 0.5 * spread.deviation
    return flux.indices.dropFirst().dropLast().filter {
      flux[$0] > limit && flux[$0] >= flux[$0 - 1] && flux[$0] > flux[$0 + 1]
    }.count
  }

  // Over all bands together, about 1 at lag 0, each lag as if the stretch went on; near 0 where nothing moves.
  private static func autocorrelation(of flux: [Float]) -> [Double] {
    let count = flux.count / bands
    var result = [Double](repeating: 0, count: count)
    guard count > 1 else { return result }
    var size = 2
    while size < 2 * count { size *= 2 }
    var forward = RealFFT(size: size)
    var inverse = InverseRealFFT(size: size)
    var powers = [Float](repeating: 0, count: size / 2 + 1)
    var (real, imaginary): ([Float], [Float]) = ([], [])
    var padded = [Float](repeating: 0, count: size)
    let kernel: [Float] = [1, 2, 3, 2, 1]
    for band in 0..<bands {
      var mean: Float = 0
      for frame in 0..<count { mean += flux[frame * bands + band] / Float(count) }
      for frame in 0..<count {
        var sum: Float = 0
        for (index, weight) in kernel.enumerated() {
          let near = frame + index - 2
          if near >= 0 && near < count { sum += weight * (flux[near * bands + band] - mean) }
        }
        padded[frame] = sum / 9
      }
      forward.transform(padded, real: &real, imaginary: &imaginary)
      for bin in powers.indices { powers[bin] += real[bin] * real[bin] + imaginary[bin] * imaginary[bin] }
    }
    inverse.transform(real: powers, imaginary: [Float](repeating: 0, count: powers.count), into: &padded)
    // A root mean square of 0.6 dB is no movement, however regular. The transform is not scaled: `size` times the sums.
    let energy = padded[0] + 1e-3 * Float(flux.count * size)
    for lag in 0..<count { result[lag] = Double(padded[lag] / energy) * Double(count) / Double(count - lag) }
    return result
  }

  // Unlikeness of the spectra after onsets.
  private static func diversity(_ texture: SoundTexture, _ frames: Range<Int>, onsets: [Double]) -> Double {
    let spread = Statistics(onsets)
    var count = 0.0
    var sums = [Double](repeating: 0, count: bands)
    var squares = sums
    for index in onsets.indices.dropFirst().dropLast(4)
    where onsets[index] > spread.mean + spread.deviation && onsets[index] >= onsets[index - 1]
      && onsets[index] > onsets[index + 1]
    {
      var shape = [Double](repeating: 0, count: bands)
      for frame in (frames.lowerBound + index + 2)..<(frames.lowerBound + index + 5) {
        for band in 0..<bands { shape[band] += Double(texture.mel[frame * bands + band]) / 3 }
      }
      let level = shape.reduce(0, +) / Double(bands)
      for band in 0..<bands {
        sums[band] += shape[band] - level
        squares[band] += (shape[band] - level) * (shape[band] - level)
      }
      count += 1
    }
    guard count > 1 else { return 0 }
    let variance = (0..<bands).reduce(0) { $0 + max(0, squares[$1] / count - sums[$1] * sums[$1] / (count * count)) }
    return (variance / Double(bands)).squareRoot()
  }

  // 2.5…7 Hz of 0.3…20 Hz in the curve of the mean logarithmic level.
  private static func syllables(_ curve: [Double]) -> Double {
    let size = 512
    let mean = Statistics(curve).mean
    let count = curve.count
    let tapered = curve.enumerated().map { index, value in
      (value - mean) * (0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(max(1, count - 1))))
    }
    var magnitudes: [Float] = []
    var transform = RealFFT(size: size)
    let padding = [Float](repeating: 0, count: max(0, size - count))
    transform.magnitudes(of: tapered.prefix(size).map(Float.init) + padding, into: &magnitudes)
    var within = 0.0
    var all = 1e-9
    for (bin, magnitude) in magnitudes.enumerated() {
      let hertz = Double(bin) * SoundTexture.rate / Double(size)
      guard hertz >= 0.3, hertz <= 20 else { continue }
      let power = Double(magnitude * magnitude)
      all += power
      if hertz >= 2.5 && hertz <= 7 { within += power }
    }
    return within / all
  }
}
