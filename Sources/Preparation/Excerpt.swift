import AudioFiles

/// The part of a recording that is used, in its own frames.
struct Excerpt: Equatable {
  /// The frames.
  var frames: Range<Int>
  /// All there are.
  let total: Int
  /// In Hz.
  let rate: Int
  /// Whether it ends early only because the service takes no more.
  var isTrimmed = false

  /// Whether anything is left out.
  var isCut: Bool { frames != 0..<total }
  /// In seconds.
  var start: Double { Double(frames.lowerBound) / Double(rate) }
  /// In seconds.
  var end: Double { Double(frames.upperBound) / Double(rate) }
  /// In seconds.
  var seconds: Double { Double(frames.count) / Double(rate) }

  /// Works out the part from what was asked for and what the service takes.
  init(
    of inspection: Inspection, duration: Inspection.Duration, rate: Int, limits: AudioLimits,
    options: PreparationOptions
  ) throws(PreparationError) {
    let path = inspection.path
    // An mp3 that changes its rate on the way is decoded at the first one.
    let exact = duration.countedSeconds ?? duration.seconds
    let total = abs(exact * Double(rate) - Double(duration.frames)) < 1 ? duration.frames : Int(exact * Double(rate))
    let length = Double(total) / Double(rate)
    for (name, value) in [("start", options.start), ("end", options.end)] {
      guard let value else { continue }
      guard value.isFinite, value >= 0 else {
        throw PreparationError(.badRange, path: path, "the \(name) of \(value) s is no place in it")
      }
      // Half a frame is what a time in milliseconds may be off.
      guard value <= length + 0.001 else {
        throw PreparationError(
          .badRange, path: path,
          "the \(name) at \(describe(seconds: value)) is beyond its length of \(describe(seconds: length))")
      }
    }
    let first = Int(((options.start ?? 0) * Double(rate)).rounded())
    var last = min(options.end.map { Int(($0 * Double(rate)).rounded()) } ?? total, total)
    guard first < last else {
      throw PreparationError(
        .badRange, path: path,
        "the start at \(describe(seconds: Double(first) / Double(rate))) is not before the end at "
          + "\(describe(seconds: Double(last) / Double(rate)))")
    }
    let most = Excerpt.mostFrames(limits.maximumSeconds, rate: rate)
    if last - first > most {
      let wanted = describe(seconds: Double(last - first) / Double(rate))
      let limit = describe(seconds: limits.maximumSeconds)
      guard options.end == nil else {
        throw PreparationError(
          .tooLong, path: path,
          "from \(describe(seconds: options.start ?? 0)) to \(describe(seconds: options.end ?? length)) are \(wanted), "
            + "over the service's maximum of \(limit); move --start or --end")
      }
      guard options.mayTrim else {
        throw PreparationError(
          .tooLong, path: path,
          "\(wanted) are over the service's maximum of \(limit), and it may not be cut; leave out --no-trim, or choose a "
            + "part with --start and --end")
      }
      last = first + most
      isTrimmed = true
    }
    guard last > first, Double(last - first) >= limits.minimumSeconds * Double(rate) else {
      throw PreparationError(
        .tooShort, path: path,
        "\(describe(seconds: Double(last - first) / Double(rate))) would be left, under the service's minimum of "
          + "\(describe(seconds: limits.minimumSeconds)); choose a longer part")
    }
    frames = first..<last
    self.total = total
    self.rate = rate
  }

  /// The most frames that are not over a length.
  static func mostFrames(_ seconds: Double, rate: Int) -> Int {
    let frames = (seconds * Double(rate)).rounded(.down)
    return frames < 1e15 ? max(Int(frames), 0) : .max
  }
}
