import RepriseAnalysis

/// Where in a reference a cover is at each moment: stretches that run on without a jump.
struct TimeMap: Sendable {
  /// A stretch of the cover that follows the reference; times in seconds, both ascending.
  struct Run: Sendable, Equatable {
    /// Times of the cover.
    var cover: [Double]
    /// Times of the reference at those of the cover.
    var reference: [Double]

    var coverStart: Double { cover.first ?? 0 }
    var coverEnd: Double { cover.last ?? 0 }
    var referenceStart: Double { reference.first ?? 0 }
    var referenceEnd: Double { reference.last ?? 0 }

    /// Returns the reference's time at a time of the cover, which lies in the run.
    func reference(at time: Double) -> Double {
      Self.interpolate(time, cover, reference)
    }

    /// Returns the cover's time at a time of the reference, which lies in the run.
    func cover(at time: Double) -> Double {
      Self.interpolate(time, reference, cover)
    }

    private static func interpolate(_ time: Double, _ from: [Double], _ to: [Double]) -> Double {
      guard from.count > 1 else { return to.first ?? time }
      var (low, high) = (0, from.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if from[middle] <= time { low = middle } else { high = middle }
      }
      let width = from[high] - from[low]
      let share = width > 0 ? (time - from[low]) / width : 0
      return to[low] + (to[high] - to[low]) * share
    }
  }

  /// The runs in the order of the cover.
  var runs: [Run]
  /// Seconds of the reference in a second of the cover.
  var tempoRatio: Double

  /// Shortest stretch of the reference that counts as played, in seconds, unless the recordings are shorter still.
  private static let shortest = 4.0
  /// Greatest distance between points of a run, in seconds of the cover.
  private static let spacing = 2.0

  init(runs: [Run], tempoRatio: Double) {
    self.runs = runs
    self.tempoRatio = tempoRatio
  }

  /// Cuts an alignment into runs and straightens them.
  init(_ alignment: JumpAlignment, step: Double, ratio: Double, seconds: Double) {
    let coverStep = step / ratio
    var runs: [Run] = []
    var slopes: [(slope: Double, weight: Double)] = []
    let shortest = min(Self.shortest, seconds / 4)
    var start = 0
    let positions = alignment.positions
    while start < positions.count {
      guard positions[start] >= 0 else {
        start += 1
        continue
      }
      var end = start + 1
      while end < positions.count, positions[end] >= positions[end - 1], positions[end] - positions[end - 1] <= 2 {
        end += 1
      }
      let length = Double(end - start)
      if length * step >= shortest, Double(positions[end - 1] - positions[start]) * step >= shortest / 2 {
        let points = (start..<end).map { (x: (Double($0) + 0.5) * coverStep, y: (Double(positions[$0]) + 0.5) * step) }
        let (run, slope) = Self.straightened(points)
        runs.append(run)
        slopes.append((slope, length * length))
      }
      start = end
    }
    self.runs = runs
    tempoRatio = Self.median(slopes) ?? ratio
  }

  // The path moves in whole frames: a line fitted around each point smooths it.
  private static func straightened(_ points: [(x: Double, y: Double)]) -> (Run, slope: Double) {
    let overall = line(points[...])
    let first = points.first?.x ?? 0
    let last = points.last?.x ?? 0
    let count = max(1, Int(((last - first) / spacing).rounded()))
    var run = Run(cover: [], reference: [])
    for index in 0...count {
      let x = first + (last - first) * Double(index) / Double(count)
      let near = points.filter { abs($0.x - x) <= 4 }
      let local = near.count > 3 ? line(near[...]) : overall
      // A line over a few seconds is less sure of its slope than one over all.
      let y = local.middleY + (x - local.middleX) * (0.5 * local.slope + 0.5 * overall.slope)
      run.cover.append(x)
      run.reference.append(max(y, run.reference.last ?? -.infinity))
    }
    return (run, overall.slope)
  }

  private static func line(
    _ points: ArraySlice<(x: Double, y: Double)>
  ) -> (slope: Double, middleX: Double, middleY: Double) {
    let count = Double(max(1, points.count))
    let x = points.reduce(0) { $0 + $1.x } / count
    let y = points.reduce(0) { $0 + $1.y } / count
    let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let common = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    return (spread > 1e-9 ? common / spread : 1, x, y)
  }

  private static func median(_ slopes: [(slope: Double, weight: Double)]) -> Double? {
    let sorted = slopes.sorted { $0.slope < $1.slope }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for (slope, weight) in sorted {
      sum += weight
      if sum >= half { return slope }
    }
    return nil
  }
}

extension TimeMap {
  /// Moves the points of each run by up to 0.4 s to where the pitch classes agree best.
  mutating func refine(_ reference: PitchClassTrack, _ cover: PitchClassTrack, transposition: Int) {
    let (one, other) = (Self.unit(reference), Self.unit(cover))
    let rate = PitchClassTrack.rate
    let lags = Int(0.4 * rate)
    let turn = transposition.modulo(12)
    for index in runs.indices {
      let run = runs[index]
      var totals = [[Float]](repeating: [Float](repeating: 0, count: 2 * lags + 1), count: run.cover.count)
      for frame in Int(run.coverStart * rate)...Int(run.coverEnd * rate) where frame >= 0 && frame < cover.frames {
        let time = Double(frame) / rate
        let centre = Int((run.reference(at: time) * rate).rounded())
        // Each frame counts for the points around it.
        let position = (time - run.coverStart) / max(1e-9, run.coverEnd - run.coverStart) * Double(run.cover.count - 1)
        let near = max(0, Int(position) - 1)...min(run.cover.count - 1, max(0, Int(position) + 2))
        for lag in -lags...lags {
          let row = centre + lag
          guard row >= 0, row < reference.frames else { continue }
          var sum: Float = 0
          for index in 0..<12 {
            let source = (index + turn) % 12
            sum += one[row * 24 + index] * other[frame * 24 + source]
            sum += one[row * 24 + 12 + index] * other[frame * 24 + 12 + source]
          }
          for point in near { totals[point][lag + lags] += sum }
        }
      }
      var moved = run
      for point in run.cover.indices {
        let row = totals[point]
        guard let best = row.indices.max(by: { row[$0] < row[$1] }), row[best] > 0 else { continue }
        var lag = Double(best - lags)
        if best > 0, best < row.count - 1 {
          let curvature = row[best - 1] - 2 * row[best] + row[best + 1]
          if curvature < 0 { lag += Double(0.5 * (row[best - 1] - row[best + 1]) / curvature) }
        }
        moved.reference[point] += lag / rate
      }
      for point in moved.reference.indices.dropFirst() {
        moved.reference[point] = max(moved.reference[point], moved.reference[point - 1])
      }
      runs[index] = moved
    }
    // By many short pieces: where a path strays, as in an ending, it does not bend the rest.
    let slopes = runs.flatMap { run in
      let reach = min(5, run.cover.count - 1)
      return (0..<max(0, run.cover.count - reach)).compactMap { point -> (slope: Double, weight: Double)? in
        let seconds = run.cover[point + reach] - run.cover[point]
        guard reach > 0, seconds > 0 else { return nil }
        return ((run.reference[point + reach] - run.reference[point]) / seconds, seconds)
      }
    }
    tempoRatio = Self.median(slopes) ?? tempoRatio
  }

  // Each half of each frame of unit length.
  private static func unit(_ track: PitchClassTrack) -> [Float] {
    var values = track.values.map { $0.squareRoot() }
    for base in stride(from: 0, to: values.count, by: 12) {
      var sum: Float = 0
      for index in base..<base + 12 { sum += values[index] * values[index] }
      guard sum > 1e-9 else { continue }
      let scale = 1 / sum.squareRoot()
      for index in base..<base + 12 { values[index] *= scale }
    }
    return values
  }
}
