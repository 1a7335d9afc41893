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
  ///   - salience: Salience of the melody's pitches in the recording.
  ///   - start: Beginning of the stretch in seconds.
  ///   - end: End of the stretch in seconds.
  init(
    _ texture: SoundTexture, _ partials: SteadyPartials, _ salience: MelodySalience, from start: Double, to end: Double
  ) {
    let frames = Self.frames(start, end, rate: SoundTexture.rate, count: texture.frames)
    let held = Self.frames(start, end, rate: SteadyPartials.rate, count: partials.shares.count)
    let tonal = Self.tonal(texture, partials, frames: frames, held: held)
    let rhythm = Rhythm(texture, frames)
    let colour = Self.colour(texture, frames)
    let scale = HeldPitches(salience, frames).scale
    // Notes that are held, change and lie on semitones; 0.003 is what noise reaches.
    let heldNotes = log(tonal.steady * tonal.change * tonal.semitones + 0.003)
    let notes = [
      log(scale + 0.03), heldNotes, tonal.notes, tonal.still, tonal.semitones, colour.flatness, colour.dynamics,
    ]
    let beat = [
      log(rhythm.shorter + 0.05), log(rhythm.repetition + 0.05), log(max(1, min(4, rhythm.figure))),
      log(rhythm.diversity + 0.03),
    ]
    values = notes + beat + [rhythm.syllables]
  }

  private static func frames(_ start: Double, _ end: Double, rate: Double, count: Int) -> Range<Int> {
    let first = min(count, max(0, Int(start * rate)))
    return first..<max(first, min(count, Int(end * rate)))
  }

  // Share of the power in steady partials, and in those older than two seconds; how near the partials are to the
  // semitones of one tuning; how many notes there are (entropy); how they change within 0.75 s.
  private static func tonal(
    _ texture: SoundTexture, _ partials: SteadyPartials, frames: Range<Int>, held: Range<Int>
  ) -> (steady: Double, still: Double, semitones: Double, notes: Double, change: Double) {
    let loudest = frames.reduce(Float(0)) { max($0, texture.power[$1]) }
    // Two frames of the texture to one of the partials.
    let sounding = held.filter { texture.power[min(texture.frames - 1, 2 * $0)] > 1e-3 * loudest }
    func mean(_ values: [Double]) -> Double {
      sounding.isEmpty ? 0 : sounding.reduce(0) { $0 + values[$1] } / Double(sounding.count)
    }
    var circle = (along: 0.0, across: 0.0, weight: 0.0)
    var sums = [Double](repeating: 0, count: SteadyPartials.semitones)
    for frame in held {
      circle.along += partials.circles[frame].along
      circle.across += partials.circles[frame].across
      circle.weight += partials.circles[frame].weight
      for note in sums.indices { sums[note] += Double(partials.notes[frame * sums.count + note]) }
    }
    let total = sums.reduce(0, +)
    let entropy = sums.reduce(0) { $0 - ($1 > 0 ? $1 / total * log($1 / total) : 0) }
    let concentration =
      circle.weight > 0
      ? (circle.along * circle.along + circle.across * circle.across).squareRoot() / circle.weight : 0
    return (mean(partials.shares), mean(partials.statics), concentration, entropy, change(partials, held))
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

  // Mean flatness; spread of the level.
  private static func colour(_ texture: SoundTexture, _ frames: Range<Int>) -> (flatness: Double, dynamics: Double) {
    let roots = frames.map { Double(texture.power[$0]).squareRoot() }
    let loudest = (roots.max() ?? 0) + 1e-9
    let flatness = Statistics(frames.map { log10(Double(texture.flatness[$0]) + 1e-6) }).mean
    let dynamics = Statistics(roots.map { max(20 * log10($0 / loudest + 1e-9), -60) }).deviation / 20
    return (flatness, dynamics)
  }
}

/// Mean and standard deviation of values; 0 of none.
struct Statistics: Sendable {
  let mean: Double
  let deviation: Double

  init(_ values: [Double]) {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  }
}
