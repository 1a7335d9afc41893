/// What a curve over time has beyond its surroundings.
enum Trend {
  /// Returns values less their mean over a second around each frame, at least 0: a curve that swells with the music has
  /// no period of its own.
  ///
  /// - Parameters:
  ///   - values: `width` values a frame, frame after frame.
  ///   - width: Number of values in a frame, each with a mean of its own.
  ///   - rate: Frames per second.
  /// - Returns: The values, in the same order.
  static func removed(from values: [Float], width: Int = 1, rate: Double) -> [Float] {
    let reach = Int((rate / 2).rounded())
    let count = values.count / width
    var result = values
    var sums = [Double](repeating: 0, count: count + 1)
    for column in 0..<width {
      for frame in 0..<count { sums[frame + 1] = sums[frame] + Double(values[frame * width + column]) }
      for frame in 0..<count {
        let (from, to) = (max(0, frame - reach), min(count, frame + reach + 1))
        let place = frame * width + column
        result[place] = max(0, values[place] - Float((sums[to] - sums[from]) / Double(to - from)))
      }
    }
    return result
  }
}

extension [Float] {
  /// The standard deviation; 0 of no values.
  var deviation: Float {
    guard !isEmpty else { return 0 }
    let mean = reduce(0, +) / Float(count)
    return (reduce(Float(0)) { $0 + ($1 - mean) * ($1 - mean) } / Float(count)).squareRoot()
  }

  /// The values divided by their standard deviation, or 0 where they do not differ.
  var scaled: [Float] {
    let deviation = deviation
    return deviation > 1e-6 ? map { $0 / deviation } : map { _ in 0 }
  }
}
