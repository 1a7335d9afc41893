import RepriseAudio

/// What was asked for of a recording, before any of its samples is known.
struct ExcerptRequest {
  let path: String
  let format: FileFormat
  let limits: AudioLimits
  let options: PreparationOptions
  /// In Hz.
  let rate: Int
  /// All frames there are.
  let total: Int
  /// From the start asked for to the end asked for.
  let part: Range<Int>

  init(
    _ inspection: Inspection, duration: Inspection.Duration, rate: Int, limits: AudioLimits,
    options: PreparationOptions
  ) throws(PreparationError) {
    path = inspection.path
    format = inspection.format
    self.limits = limits
    self.options = options
    self.rate = rate
    // An mp3 that changes its rate on the way is decoded at the first one.
    let exact = duration.countedSeconds ?? duration.seconds
    total = abs(exact * Double(rate) - Double(duration.frames)) < 1 ? duration.frames : Int(exact * Double(rate))
    let length = Double(total) / Double(rate)
    for (bound, value) in [(PreparationError.Reason.Bound.start, options.start), (.end, options.end)] {
      guard let value else { continue }
      guard value.isFinite, value >= 0 else { throw PreparationError(.notATime(bound, value), path: path) }
      // Half a frame is what a time in milliseconds may be off.
      guard value <= length + 0.001 else {
        throw PreparationError(.beyondEnd(bound, at: value, length: length), path: path)
      }
    }
    if options.passage != .first, options.start != nil || options.end != nil {
      throw PreparationError(.passageBesideTimes(options.passage), path: path)
    }
    if options.trimsSilence, !(-120 ... -10).contains(options.silenceLevel) {
      throw PreparationError(.silenceLevel(options.silenceLevel), path: path)
    }
    let first = Int(((options.start ?? 0) * Double(rate)).rounded())
    let last = min(options.end.map { Int(($0 * Double(rate)).rounded()) } ?? total, total)
    guard first < last else {
      throw PreparationError(
        .startNotBeforeEnd(start: Double(first) / Double(rate), end: Double(last) / Double(rate)), path: path)
    }
    part = first..<last
  }

  /// The length of a part chosen in a recording that is too long: tools that take no notice of an mp3's delay and
  /// padding see it inside the limit, whatever it becomes.
  var safeFrames: Int {
    let encoded = MP3Choice.margin(sampleRate: MP3Choice.sampleRate(for: rate))
    let margin = format == .mp3 ? max(encoded, MP3Cut.surplus(sampleRate: rate)) : encoded
    let least = limits.minimumSeconds * Double(rate)
    return max(
      Excerpt.mostFrames(limits.maximumSeconds - margin, rate: rate), least < 1e15 ? Int(least.rounded(.up)) : 0)
  }

  /// What only the samples tell and `survey` does not hold yet.
  func measure(_ survey: Survey) throws(PreparationError) -> Measure? {
    var part = part
    if options.trimsSilence {
      guard let sound = survey.sound(in: part, over: options.silenceLevel) else {
        return .sound(part, level: options.silenceLevel)
      }
      part = try sounding(sound)
    }
    guard options.passage == .auto, part.count > Excerpt.mostFrames(limits.maximumSeconds, rate: rate),
      survey.passage(in: part, frames: safeFrames) == nil
    else { return nil }
    try checkMayTrim(part)
    let least = limits.minimumSeconds * Double(rate)
    return .passage(part, frames: safeFrames, least: least < 1e15 ? Int(least.rounded(.up)) : safeFrames)
  }

  /// The part between the silence in front and behind.
  ///
  /// - Throws: `PreparationError` if it is silent all over.
  func sounding(_ sound: Survey.Sound) throws(PreparationError) -> Range<Int> {
    guard let frames = sound.frames else {
      throw PreparationError(.allSilent(level: sound.level, loudest: sound.loudest), path: path)
    }
    return frames
  }

  /// What is dropped of the part where only the sound in it is used.
  func dropped(around sound: Range<Int>) -> ExcerptReason {
    .withoutSilence(
      front: Double(sound.lowerBound - part.lowerBound) / Double(rate),
      behind: Double(part.upperBound - sound.upperBound) / Double(rate), level: options.silenceLevel)
  }

  /// - Throws: `PreparationError` if a part that is too long has to stay as it is.
  func checkMayTrim(_ part: Range<Int>) throws(PreparationError) {
    let maximum = limits.maximumSeconds
    if options.end != nil {
      let (start, end) = (Double(part.lowerBound) / Double(rate), Double(part.upperBound) / Double(rate))
      throw PreparationError(.partTooLong(start: start, end: end, maximum: maximum), path: path)
    }
    guard options.mayTrim else {
      throw PreparationError(
        .mayNotBeCut(seconds: Double(part.count) / Double(rate), maximum: maximum), path: path)
    }
  }

  func unmeasured() -> PreparationError {
    PreparationError(.unmeasured, path: path)
  }
}
