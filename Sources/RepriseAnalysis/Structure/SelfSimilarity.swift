import Foundation

/// Similarity of each stretch of a recording to each other one: of harmony, bass and timbre.
///
/// The scale is the same for every recording: 1 is identical, 0 is what two stretches of it have in common on average.
struct SelfSimilarity: Sendable {
  /// Number of stretches.
  let count: Int

  // Twelve values each, twice over, so that a transposition is an offset.
  private let treble: [Float]
  private let bass: [Float]
  // The timbre's part of the similarity, count × count.
  private let timbre: [Float]
  private let trebleMean: Float
  private let bassMean: Float

  private static let trebleShare: Float = 1.0 / 2.2
  private static let bassShare: Float = 0.5 / 2.2
  private static let timbreShare: Float = 0.7 / 2.2

  /// Compares stretches.
  ///
  /// - Parameters:
  ///   - treble: Chroma of each stretch, twelve values of unit length.
  ///   - bass: Chroma of the bass of each stretch.
  ///   - timbre: Log-mel spectrum of each stretch, `bands` values each.
  ///   - bands: The number of values of `timbre` per stretch.
  init(treble: [[Double]], bass: [[Double]], timbre: [Float], bands: Int) {
    count = treble.count
    self.treble = treble.flatMap { $0.map(Float.init) + $0.map(Float.init) }
    self.bass = bass.flatMap { $0.map(Float.init) + $0.map(Float.init) }
    trebleMean = Self.meanProduct(treble)
    bassMean = Self.meanProduct(bass)
    self.timbre = Self.closeness(timbre, count: treble.count, bands: bands)
  }

  /// Returns the similarity of two stretches, the second transposed down by `shift` semitones, 0…11.
  func value(_ one: Int, _ other: Int, shift: Int = 0) -> Float {
    var high: Float = 0
    var low: Float = 0
    let (first, second) = (one * 24, other * 24 + shift)
    for index in 0..<12 {
      high += treble[first + index] * treble[second + index]
      low += bass[first + index] * bass[second + index]
    }
    return Self.trebleShare * (high - trebleMean) / (1 - trebleMean)
      + Self.bassShare * (low - bassMean) / (1 - bassMean) + Self.timbreShare * timbre[one * count + other]
  }

  // The mean of the dot products of all pairs, itself with itself included, is the square of the mean vector.
  private static func meanProduct(_ vectors: [[Double]]) -> Float {
    var mean = [Double](repeating: 0, count: 12)
    for vector in vectors {
      for index in 0..<12 { mean[index] += vector[index] / Double(max(1, vectors.count)) }
    }
    return Float(min(0.99, mean.reduce(0) { $0 + $1 * $1 }))
  }

  // 1 less the squared distance as a multiple of its mean over all pairs.
  private static func closeness(_ values: [Float], count: Int, bands: Int) -> [Float] {
    var result = [Float](repeating: 0, count: count * count)
    var total = 0.0
    for one in 0..<count {
      for other in one..<count {
        var sum: Float = 0
        for band in 0..<bands {
          let difference = values[one * bands + band] - values[other * bands + band]
          sum += difference * difference
        }
        result[one * count + other] = sum
        result[other * count + one] = sum
        total += Double(one == other ? sum : 2 * sum)
      }
    }
    let scale = total > 0 ? Float(Double(count * count) / total) : 0
    for index in result.indices { result[index] = 1 - result[index] * scale }
    return result
  }
}
