import Foundation
import RepriseSignal

/// What tells music from other sound in a stretch of some seconds.
///
/// Benchmarks/music-or-not/features.py computes the same figures, and fits what `MusicDetector` makes of them.
struct MusicEvidence: Sendable {
  /// The figures, in the order of `MusicDetector`'s coefficients.
  let values: [Double]

  /// Gathers the evidence of a stretch.
  ///
  /// - Parameters:
  ///   - texture: Level and spectral shape of the recording.
  ///   - partials: Steady partials of the recording.
  ///   - start: Beginning of the stretch in seconds.
  ///   - end: End of the stretch in seconds.
  init(_ texture: SoundTexture, _ partials: SteadyPartials, from start: Double, to end: Double) {
    let frames = Self.frames(start, end, rate: SoundTexture.rate, count: texture.frames)
    let held = Self.frames(start, end, rate: SteadyPartials.rate, count: partials.shares.count)
    let tonal = Self.tonal(texture, partials, frames: frames, held: held, seconds: end - start)
    let rhythm = Self.rhythm(texture, frames)
    let colour = Self.colour(texture, frames)
    // Notes that are held, change and lie on semitones; 0.003 is what noise reaches.
    let heldNotes = log(tonal.steady * tonal.change * tonal.semitones + 0.003)
    let beaten = [log(rhythm.pulse + 0.03), log(rhythm.diversity + 0.03)]
    values =
      [heldNotes] + beaten
      + [tonal.notes, tonal.still, tonal.semitones, tonal.births, rhythm.syllables] + colour
  }

  private static func frames(_ start: Double, _ end: Double, rate: Double, count: Int) -> Range<Int> {
    let first = min(count, max(0, Int(start * rate)))
    return first..<max(first, min(count, Int(end * rate)))
  }

  // Share of the power in steady partials, and in those older than two seconds; how near the partials are to the
  // semitones of one tuning; how many notes there are (entropy); how they change within 0.75 s; how many begin.
  private static func tonal(
    _ texture: SoundTexture, _ partials: SteadyPartials, frames: Range<Int>, held: Range<Int>, seconds: Double
  ) -> (steady: Double, still: Double, semitones: Double, notes: Double, change: Double, births: Double) {
    let loudest = frames.reduce(Float(0)) { max($0, texture.power[$1]) }
    // Two frames of the texture to one of the partials.
    let sounding = held.filter { texture.power[min(texture.frames - 1, 2 * $0)] > 1e-3 * loudest }
    func mean(_ values: [Double]) -> Double {
      sounding.isEmpty ? 0 : sounding.reduce(0) { $0 + values[$1] } / Double(sounding.count)
    }
    var circle = (along: 0.0, across: 0.0, weight: 0.0)
    var sums = [Double](repeating: 0, count: SteadyPartials.semitones)
    var births = 0
    for frame in held {
      circle.along += partials.circles[frame].along
      circle.across += partials.circles[frame].across
      circle.weight += partials.circles[frame].weight
      births += partials.births[frame]
      for note in sums.indices { sums[note] += Double(partials.notes[frame * sums.count + note]) }
    }
    let total = sums.reduce(0, +)
    let entropy = sums.reduce(0) { $0 - ($1 > 0 ? $1 / total * log($1 / total) : 0) }
    let concentration =
      circle.weight > 0
      ? (circle.along * circle.along + circle.across * circle.across).squareRoot() / circle.weight : 0
    return (
      mean(partials.shares), mean(partials.statics), concentration, entropy, change(partials, held),
      log1p(Double(births) / seconds)
    )
  }

  private static func change(_ partials: SteadyPartials, _ held: Range<Int>) -> Double {
    let lag = Int((0.75 * SteadyPartials.rate).rounded())
    let width = SteadyPartials.semitones
    var sum = 0.0
    var count = 0
    for frame in held where frame + lag < held.upperBound {
      var products: (Float, Float, Float) = (0, 0, 0)
      for note in 0..<width {
        let one = partials.notes[frame * width + note]
        let other = partials.notes[(frame + lag) * width + note]
        products.0 += one * other
        products.1 += one * one
        products.2 += other * other
      }
      guard products.1 > 0, products.2 > 0 else { continue }
      sum += 1 - Double(products.0 / (products.1 * products.2).squareRoot())
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }

  // Strength of a pulse that has a next level; unlikeness of the spectra after onsets; share of modulation at the rate
  // of syllables.
  private static func rhythm(_ texture: SoundTexture, _ frames: Range<Int>) -> (
    pulse: Double, diversity: Double, syllables: Double
  ) {
    let bands = SoundTexture.bands
    var flux: [Double] = []
    for frame in frames.dropFirst(2) {
      var rise: Float = 0
      for band in 0..<bands {
        rise += max(0, texture.mel[frame * bands + band] - texture.mel[(frame - 2) * bands + band])
      }
      flux.append(Double(rise))
    }
    let sharp = withoutTrend(flux, reach: Int((SoundTexture.rate / 2).rounded()))
    let curve = frames.map { Double(texture.mel[($0 * bands)..<(($0 + 1) * bands)].reduce(0, +)) / Double(bands) }
    return (pulse(sharp), diversity(texture, frames, onsets: sharp), syllables(curve))
  }

  private static func withoutTrend(_ values: [Double], reach: Int) -> [Double] {
    var sums = [0.0]
    for value in values { sums.append((sums.last ?? 0) + value) }
    return values.indices.map { index in
      let from = max(0, index - reach)
      let to = min(values.count, index + reach + 1)
      return max(0, values[index] - (sums[to] - sums[from]) / Double(to - from))
    }
  }

  private static func pulse(_ values: [Double]) -> Double {
    let (mean, deviation) = spread(values)
    guard deviation > 0 else { return 0 }
    let centred = values.map { $0 - mean }
    let energy = deviation * deviation * Double(values.count)
    func correlation(_ lag: Int) -> Double {
      guard lag < centred.count else { return 0 }
      var sum = 0.0
      for index in 0..<(centred.count - lag) { sum += centred[index] * centred[index + lag] }
      return sum / energy
    }
    let lags = Int((0.2 * SoundTexture.rate).rounded())..<Int((3 * SoundTexture.rate).rounded())
    return lags.reduce(0) { max($0, min(correlation($1), correlation(2 * $1))) }
  }

  private static func diversity(_ texture: SoundTexture, _ frames: Range<Int>, onsets: [Double]) -> Double {
    let bands = SoundTexture.bands
    let (mean, deviation) = spread(onsets)
    var count = 0.0
    var sums = [Double](repeating: 0, count: bands)
    var squares = sums
    for index in onsets.indices.dropFirst().dropLast(4)
    where onsets[index] > mean + deviation && onsets[index] >= onsets[index - 1] && onsets[index] > onsets[index + 1] {
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
    let (mean, _) = spread(curve)
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

  // Share of quiet frames; flatness and its spread; spread of the level; movement of the spectrum.
  private static func colour(_ texture: SoundTexture, _ frames: Range<Int>) -> [Double] {
    let roots = frames.map { Double(texture.power[$0]).squareRoot() }
    let (mean, _) = spread(roots)
    let loudest = (roots.max() ?? 0) + 1e-9
    let pauses = Double(roots.filter { $0 < 0.5 * mean }.count) / Double(max(1, roots.count))
    let flatness = spread(frames.map { log10(Double(texture.flatness[$0]) + 1e-6) })
    let dynamics = spread(roots.map { max(20 * log10($0 / loudest + 1e-9), -60) }).deviation / 20
    var variance = 0.0
    for band in 0..<SoundTexture.bands {
      let deviation = spread(frames.map { Double(texture.mel[$0 * SoundTexture.bands + band]) }).deviation
      variance += deviation * deviation / Double(SoundTexture.bands)
    }
    return [pauses, flatness.mean, flatness.deviation, dynamics, variance.squareRoot()]
  }

  private static func spread(_ values: [Double]) -> (mean: Double, deviation: Double) {
    guard !values.isEmpty else { return (0, 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot())
  }
}
