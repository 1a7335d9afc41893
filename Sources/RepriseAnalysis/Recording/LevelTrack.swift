/// The level of a recording over time: a value every 100 ms.
package struct LevelTrack: Sendable, Equatable {
  /// Values per second; value *i* covers the time from *i* / `rate` to (*i* + 1) / `rate` seconds.
  package static let rate = 10.0

  /// Root mean squares relative to the highest, 0…1.
  package let values: [Float]

  /// Creates a track of finished values.
  package init(values: [Float]) { self.values = values }

  /// Measures a signal at `Hearing.sampleRate`.
  init(of signal: [Float]) {
    let size = Int(Hearing.sampleRate / Self.rate)
    let powers = stride(from: 0, to: signal.count, by: size).map { start -> Float in
      let end = min(signal.count, start + size)
      var sum: Float = 0
      for index in start..<end { sum += signal[index] * signal[index] }
      return sum / Float(end - start)
    }
    let highest = powers.max() ?? 0
    values = powers.map { highest > 0 ? ($0 / highest).squareRoot() : 0 }
  }

  /// Returns whether the level exceeds a share of the highest at a time in seconds; `true` outside of the track.
  package func sounds(at seconds: Double, above share: Float) -> Bool {
    let index = Int(seconds * Self.rate)
    return values.indices.contains(index) ? values[index] > share : true
  }
}
