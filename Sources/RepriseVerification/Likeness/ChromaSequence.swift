import RepriseAnalysis

/// Pitch classes of a recording in frames of one length, each of unit length: the texture's and, with less weight, the
/// bass's.
struct ChromaSequence: Sendable {
  static let width = PitchClassTrack.width
  private static let bassWeight: Float = 0.6

  /// Length of a frame in seconds.
  let step: Double
  /// Number of frames.
  let count: Int
  /// `count` values of each of the 24 classes, class after class.
  let values: [Float]

  /// Averages a track over frames of a length.
  init(_ track: PitchClassTrack, step: Double, seconds: Double) {
    let width = Self.width
    let frames = track.frames
    // Integrals, so that a frame need not be a whole number of the track's.
    var sums = [Float](repeating: 0, count: (frames + 1) * width)
    for frame in 0..<frames {
      for index in 0..<width {
        sums[(frame + 1) * width + index] = sums[frame * width + index] + track.values[frame * width + index]
      }
    }
    let count = max(0, Int((seconds / step).rounded(.down)))
    var values = [Float](repeating: 0, count: count * width)
    func sum(_ time: Double, _ index: Int) -> Float {
      // The track's frame i stands for the time around i / rate.
      let position = max(0, min(Double(frames), time * PitchClassTrack.rate + 0.5))
      let whole = min(frames - 1, Int(position))
      let share = Float(position - Double(whole))
      return sums[whole * width + index] * (1 - share) + sums[(whole + 1) * width + index] * share
    }
    var row = [Float](repeating: 0, count: width)
    for frame in 0..<count where frames > 0 {
      for index in 0..<width {
        row[index] = max(0, sum(Double(frame + 1) * step, index) - sum(Double(frame) * step, index)).squareRoot()
      }
      Self.normalise(&row)
      for index in 0..<width { values[index * count + frame] = row[index] }
    }
    self.step = step
    self.count = count
    self.values = values
  }

  private init(step: Double, count: Int, values: [Float]) {
    self.step = step
    self.count = count
    self.values = values
  }

  private static func normalise(_ row: inout [Float]) {
    func norm(_ range: Range<Int>) -> Float { range.reduce(Float(0)) { $0 + row[$1] * row[$1] }.squareRoot() }
    let (treble, bass) = (norm(0..<12), norm(12..<24))
    let trebleScale = treble > 1e-6 ? 1 / treble : 0
    let bassScale = bass > 1e-6 ? bassWeight / bass : 0
    for index in 0..<12 { row[index] *= trebleScale }
    for index in 12..<24 { row[index] *= bassScale }
    let whole = norm(0..<24)
    guard whole > 1e-6 else { return }
    for index in row.indices { row[index] /= whole }
  }

  /// The frames in the opposite order.
  var reversed: ChromaSequence {
    var turned = values
    for index in 0..<Self.width {
      for frame in 0..<count { turned[index * count + frame] = values[index * count + count - 1 - frame] }
    }
    return ChromaSequence(step: step, count: count, values: turned)
  }
}
