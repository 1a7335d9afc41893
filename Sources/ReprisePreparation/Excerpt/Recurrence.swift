/// The amount of recurrence of each moment of a recording.
///
/// After Bartsch & Wakefield ("To catch a chorus", 2001) similarities are averaged along the diagonals of the
/// self-similarity matrix, so that a passage has to be alike and not only a chord; after Cooper & Foote (2002) the
/// score is the similarity to the whole. The matrix itself is never stored: its diagonals are traversed twice, first
/// for the threshold of similarity in this recording, then for the sums.
struct Recurrence {
  /// For each frame, mean similarity above the threshold to all other frames; 0 for a frame without similar ones.
  let amounts: [Float]
  /// `true` if there is a significant recurrence.
  let isClear: Bool

  /// Computes the recurrence.
  ///
  /// - Parameters:
  ///   - frames: Feature frames of length 1 or 0.
  ///   - context: The number of consecutive frames that have to be alike.
  ///   - nearest: The minimum distance between similar frames.
  ///   - check: A closure called between diagonals, which throws if the task is cancelled.
  /// - Throws: `CancellationError` if the task is cancelled.
  init(
    _ frames: [PassageFeatures.Frame], context: Int, nearest: Int, check: () throws(CancellationError) -> Void
  ) throws {
    let count = frames.count
    var amounts = [Float](repeating: 0, count: count)
    var histogram = [Int](repeating: 0, count: 401)
    let lags = nearest < count - context ? nearest...(count - context) : nil
    guard let lags, context > 0 else {
      self.amounts = amounts
      isClear = false
      return
    }
    var line: [Float] = []
    for lag in lags {
      if lag % 64 == 0 { try check() }
      Recurrence.diagonal(frames, lag: lag, context: context, into: &line)
      for value in line { histogram[Int(max(min(value, 1), -1) * 200) + 200] += 1 }
    }
    let threshold = max(Recurrence.upperTenth(histogram), 0.3)
    var partners = [Int](repeating: 0, count: count)
    for lag in lags {
      if lag % 64 == 0 { try check() }
      Recurrence.diagonal(frames, lag: lag, context: context, into: &line)
      for (index, value) in line.enumerated() {
        let (one, other) = (index + context / 2, index + lag + context / 2)
        partners[one] += 1
        partners[other] += 1
        guard value > threshold else { continue }
        amounts[one] += value - threshold
        amounts[other] += value - threshold
      }
    }
    for index in amounts.indices where partners[index] > 0 { amounts[index] /= Float(partners[index]) }
    // The context is incomplete at the ends.
    let (first, last) = (context / 2, count - context + context / 2)
    for index in 0..<min(first, count) { amounts[index] = amounts[min(first, count - 1)] }
    if last >= 0, last < count { for index in last..<count { amounts[index] = amounts[last] } }
    self.amounts = amounts
    isClear = (amounts.max() ?? 0) > 0.002
  }

  /// Writes the similarities along one diagonal, each the mean of `context` consecutive ones.
  private static func diagonal(
    _ frames: [PassageFeatures.Frame], lag: Int, context: Int, into line: inout [Float]
  ) {
    line.removeAll(keepingCapacity: true)
    let count = frames.count - lag
    guard count >= context else { return }
    for index in 0..<count { line.append((frames[index] * frames[index + lag]).sum()) }
    var sum: Double = 0
    for index in 0..<context { sum += Double(line[index]) }
    let scale = 1 / Double(context)
    for index in 0...(count - context) {
      let leaving = Double(line[index])
      line[index] = Float(sum * scale)
      if index + context < count { sum += Double(line[index + context]) - leaving }
    }
    line.removeLast(context - 1)
  }

  private static func upperTenth(_ histogram: [Int]) -> Float {
    var left = histogram.reduce(0, +) / 10
    for bin in histogram.indices.reversed() {
      left -= histogram[bin]
      if left <= 0 { return Float(bin - 200) / 200 }
    }
    return 0
  }
}
