import Foundation
import RepriseSystem

/// A search for the most representative passage of a recording: recurring and loud, often the chorus.
struct PassageSearch {
  let feed: StretchFeed
  /// Minimum number of frames of the passage.
  let least: Int
  /// Maximum number of frames of the passage.
  let most: Int

  /// Maximum displacement of an end to a quiet point, in seconds.
  private static let reach = 1.5

  /// Reads the stretch twice: for its features, then around the ends.
  ///
  /// - Returns: The passage.
  /// - Throws: `AudioFileError`, `SignalError` or `CancellationError`.
  func run() throws -> Survey.Passage {
    let part = feed.frames
    var features: PassageFeatures?
    var sampleRate = 0
    try feed.run { samples, channels, rate in
      sampleRate = rate
      if features == nil { features = try PassageFeatures(channels: channels, sampleRate: rate) }
      try features?.add(samples)
    }
    let length = min(most, part.count)
    guard let made = features.take() else {
      return Survey.Passage(
        part: part, most: most, frames: part.lowerBound..<part.lowerBound + length,
        reason: PassageReason(.beginning))
    }
    let perFeature = made.framesPerFeature
    let (frames, powers) = try made.finish()
    let choice = try PassageChoice(
      frames: frames, powers: powers, length: Int((Double(length) / perFeature).rounded()),
      perSecond: Double(sampleRate) / perFeature, check: feed.cancellation.check)
    let latest = part.upperBound - length
    let start = min(part.lowerBound + Int(Double(choice.start) * perFeature), latest)
    return try settled(start, length: length, rate: sampleRate, merit: choice.merit)
  }

  /// Moves the ends to quiet points nearby.
  private func settled(_ start: Int, length: Int, rate: Int, merit: PassageReason.Merit) throws -> Survey.Passage {
    let part = feed.frames
    let room = max(length - least, 0)
    let reach = min(Int(PassageSearch.reach * Double(rate)), room / 4)
    let end = start + length
    let keepsStart = start == part.lowerBound
    let keepsEnd = end == part.upperBound
    func clamped(_ low: Int, _ high: Int) -> Range<Int> {
      max(low, part.lowerBound)..<max(min(high, part.upperBound), max(low, part.lowerBound))
    }
    var head = QuietPoint(region: clamped(start - reach, start + reach), rate: rate)
    var tail = QuietPoint(region: clamped(end - 2 * reach, end + reach), rate: rate)
    if reach > 0, !keepsStart || !keepsEnd {
      let last = min(tail.region.upperBound, part.upperBound)
      let around = StretchFeed(
        path: feed.path, frames: head.region.lowerBound..<max(last, head.region.lowerBound + 1),
        cancellation: feed.cancellation, progress: feed.progress)
      var position = around.frames.lowerBound
      try around.run { samples, channels, _ in
        head.add(samples, channels: channels, from: position)
        tail.add(samples, channels: channels, from: position)
        position += samples.count / channels
      }
    }
    let first = keepsStart ? start : head.find(near: start, in: head.region) ?? start
    let bound = min(first + length, part.upperBound)
    let range = max(tail.region.lowerBound, first + least)..<max(bound + 1, first + least + 1)
    let last = keepsEnd && bound == end ? end : tail.find(near: bound, in: range) ?? bound
    let move = PassageReason.Move(
      start: Double(first - start) / Double(rate), end: Double(last - end) / Double(rate))
    let isMoved = first != start || last != end
    return Survey.Passage(
      part: part, most: most, frames: first..<max(min(last, bound), first + 1),
      reason: PassageReason(merit, move: isMoved ? move : nil))
  }
}

/// The best position for a passage of a given length.
struct PassageChoice {
  /// Index of the first feature frame.
  let start: Int
  /// Property that distinguishes the passage.
  let merit: PassageReason.Merit

  /// Chooses the position.
  ///
  /// - Parameters:
  ///   - frames: The features of the recording.
  ///   - powers: The levels of the recording, in mean squares.
  ///   - length: The length of the passage, in feature frames.
  ///   - perSecond: Feature frames per second.
  ///   - check: A closure called repeatedly, which throws if the task is cancelled.
  /// - Throws: `CancellationError` if the task is cancelled.
  init(
    frames: [PassageFeatures.Frame], powers: [Double], length: Int, perSecond: Double,
    check: () throws(CancellationError) -> Void
  ) throws {
    let count = frames.count
    guard length < count, length > 0 else {
      start = 0
      merit = .beginning
      return
    }
    let context = max(Int(4 * perSecond), 2)
    let recurrence = try Recurrence(frames, context: context, nearest: max(Int(8 * perSecond), context), check: check)
    let most = max(recurrence.amounts.max() ?? 0, .leastNormalMagnitude)
    let smooth = PassageChoice.smoothed(powers, width: max(Int(2 * perSecond), 1))
    // The level exceeded a tenth of the time, as single peaks should not decide.
    let loud = max(smooth.sorted()[count * 9 / 10], .leastNormalMagnitude)
    let values = (0..<count).map { index in
      let share = recurrence.isClear ? Double(recurrence.amounts[index] / most) : 0
      // Half the power reduces the value by a fifth.
      return (0.15 + share) * min(pow(smooth[index] / loud, 0.3), 1.2)
    }
    let novelty = PassageChoice.novelty(frames, width: context)
    var best = (start: 0, value: -Double.infinity)
    var sum = values[..<length].reduce(0, +)
    for first in 0...(count - length) {
      // A passage should preferably begin where a section begins.
      let value = sum / Double(length) * (1 + 0.1 * Double(first == 0 ? 1 : novelty[first]))
      if value > best.value { best = (first, value) }
      if first + length < count { sum += values[first + length] - values[first] }
    }
    start = best.start
    let chosen = best.start..<best.start + length
    let level = 10 * log10(max(PassageChoice.mean(powers[chosen]), 1e-12) / max(PassageChoice.mean(powers[...]), 1e-12))
    if recurrence.isClear {
      let amounts = recurrence.amounts.map { Double($0) }
      let times = PassageChoice.mean(amounts[chosen]) / max(PassageChoice.mean(amounts[...]), 1e-9)
      merit = .recurring(times: times, louder: level)
    } else {
      merit = .loudest(louder: level)
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func smoothed(_ values: [Double], width: Int) -> [Double] {
    var sums = [0.0]
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { index in
      let (low, high) = (max(index - width / 2, 0), min(index + width / 2 + 1, values.count))
      return max((sums[high] - sums[low]) / Double(high - low), 0)
    }
  }

  /// Returns the difference between the feature frames after and before each position, 0…1 relative to the maximum.
  private static func novelty(_ frames: [PassageFeatures.Frame], width: Int) -> [Float] {
    var result = [Float](repeating: 0, count: frames.count + 1)
    guard frames.count > 2 * width else { return result }
    var before = frames[..<width].reduce(.zero, +)
    var after = frames[width..<2 * width].reduce(.zero, +)
    for index in width...(frames.count - width) {
      let step = after - before
      result[index] = (step * step).sum()
      guard index < frames.count - width else { break }
      before += frames[index] - frames[index - width]
      after += frames[index + width] - frames[index]
    }
    let most = result.max() ?? 0
    return most > 0 ? result.map { $0 / most } : result
  }
}
