import RepriseAudio

/// The part of a recording that is used, in frames of the recording.
struct Excerpt: Equatable {
  /// Frame indices of the part.
  var frames: Range<Int>
  /// Stretches of the part that are left out, as their silence is too long; in order, inside of the part.
  var removed: [Range<Int>] = []
  /// Total number of frames of the recording.
  let total: Int
  /// Sample rate in Hz.
  let rate: Int
  /// `true` if the part ends early only because of the service's maximum length.
  var isTrimmed = false
  /// Reasons for the choice of this part, in the order in which the choice was narrowed.
  var reasons: [ExcerptReason] = [.asked]

  /// `true` if the part is not the whole recording.
  var isCut: Bool { frames != 0..<total }
  /// Start in seconds.
  var start: Double { Double(frames.lowerBound) / Double(rate) }
  /// End in seconds.
  var end: Double { Double(frames.upperBound) / Double(rate) }
  /// Number of frames that are left of the part.
  var keptFrames: Int { frames.count - removed.reduce(0) { $0 + $1.count } }
  /// Length in seconds, without the stretches that are left out.
  var seconds: Double { Double(keptFrames) / Double(rate) }

  /// Ends the part such that a number of its frames are left.
  mutating func shorten(to count: Int) {
    var end = frames.lowerBound + count
    for stretch in removed where stretch.lowerBound < end { end += stretch.count }
    frames = frames.lowerBound..<min(end, frames.upperBound)
    removed = Excerpt.removed(removed, inside: frames)
  }

  /// Returns the stretches that lie inside of a part, without those that touch its ends.
  private static func removed(_ stretches: [Range<Int>], inside part: Range<Int>) -> [Range<Int>] {
    stretches.filter { $0.lowerBound > part.lowerBound && $0.upperBound < part.upperBound }
  }

  /// Determines the part from the requested times, the service's limits and the survey.
  ///
  /// - Parameters:
  ///   - inspection: The inspection of the recording.
  ///   - duration: The duration of the recording.
  ///   - rate: The sample rate in Hz.
  ///   - limits: The limits of the service.
  ///   - options: The requested times and changes.
  ///   - survey: The measurements made so far; `nil` for none.
  /// - Throws: `PreparationError` if the times are invalid, if the part is entirely silent, too short or too long, or
  ///   if it depends on a measurement that `survey` does not hold.
  init(
    of inspection: Inspection, duration: Inspection.Duration, rate: Int, limits: AudioLimits,
    options: PreparationOptions, survey: Survey? = nil
  ) throws(PreparationError) {
    let request = try ExcerptRequest(inspection, duration: duration, rate: rate, limits: limits, options: options)
    var part = request.part
    var reasons: [ExcerptReason] = []
    if options.trimsSilence {
      guard let sound = survey?.sound(in: part, over: options.silenceLevel) else { throw request.unmeasured() }
      part = try request.sounding(sound)
      if part != request.part { reasons.append(request.dropped(around: part)) }
    }
    let removed = try request.removed(in: part, survey)
    let most = Excerpt.mostFrames(limits.maximumSeconds, rate: rate)
    if part.count - removed.reduce(0, { $0 + $1.count }) > most {
      try request.checkMayTrim(part)
      isTrimmed = true
      switch options.passage {
      case .first:
        reasons.append(.longest)
      case .middle:
        let length = min(request.safeFrames, part.count)
        let first = part.lowerBound + (part.count - length) / 2
        part = first..<first + length
        reasons.append(.middle)
      case .auto:
        guard let passage = survey?.passage(in: part, frames: request.safeFrames) else { throw request.unmeasured() }
        part = passage.frames
        reasons.append(.passage(passage.reason))
      }
    }
    frames = part
    total = request.total
    self.rate = rate
    self.removed = Excerpt.removed(removed, inside: part)
    if isTrimmed, options.passage == .first { shorten(to: most) }
    guard !part.isEmpty, Double(keptFrames) >= limits.minimumSeconds * Double(rate) else {
      throw PreparationError(.tooShort(seconds: seconds, minimum: limits.minimumSeconds), path: inspection.path)
    }
    if !reasons.isEmpty {
      if options.start != nil || options.end != nil { reasons.insert(.asked, at: 0) }
      self.reasons = reasons
    }
  }

  /// Returns the greatest number of frames that does not exceed a length in seconds.
  static func mostFrames(_ seconds: Double, rate: Int) -> Int {
    let frames = (seconds * Double(rate)).rounded(.down)
    return frames < 1e15 ? max(Int(frames), 0) : .max
  }
}
