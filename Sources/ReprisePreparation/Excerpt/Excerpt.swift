import RepriseAudio

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
  /// Why it is this part, in the order in which it was narrowed down.
  var reasons: [ExcerptReason] = [.asked]

  /// Whether anything is left out.
  var isCut: Bool { frames != 0..<total }
  /// In seconds.
  var start: Double { Double(frames.lowerBound) / Double(rate) }
  /// In seconds.
  var end: Double { Double(frames.upperBound) / Double(rate) }
  /// In seconds.
  var seconds: Double { Double(frames.count) / Double(rate) }

  /// Works out the part from what was asked for, what the service takes and what was measured.
  ///
  /// - Throws: `PreparationError` where the times make no sense, where the part is all silent, too short or too long,
  ///   or where it takes a measure that `survey` does not hold.
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
    let most = Excerpt.mostFrames(limits.maximumSeconds, rate: rate)
    if part.count > most {
      try request.checkMayTrim(part)
      isTrimmed = true
      switch options.passage {
      case .first:
        part = part.lowerBound..<part.lowerBound + most
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
    guard !part.isEmpty, Double(part.count) >= limits.minimumSeconds * Double(rate) else {
      throw PreparationError(
        .tooShort(seconds: Double(part.count) / Double(rate), minimum: limits.minimumSeconds), path: inspection.path)
    }
    frames = part
    total = request.total
    self.rate = rate
    if !reasons.isEmpty {
      if options.start != nil || options.end != nil { reasons.insert(.asked, at: 0) }
      self.reasons = reasons
    }
  }

  /// The most frames that are not over a length.
  static func mostFrames(_ seconds: Double, rate: Int) -> Int {
    let frames = (seconds * Double(rate)).rounded(.down)
    return frames < 1e15 ? max(Int(frames), 0) : .max
  }
}
