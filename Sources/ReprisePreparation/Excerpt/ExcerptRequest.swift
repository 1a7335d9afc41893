import RepriseAudio

/// The requested part of a recording, before any of its samples is known.
struct ExcerptRequest {
  let path: String
  let format: FileFormat
  let limits: AudioLimits
  let options: PreparationOptions
  /// Sample rate in Hz.
  let rate: Int
  /// Total number of frames of the recording.
  let total: Int
  /// Frame indices from the requested start to the requested end.
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
    // An MP3 file that changes its sample rate midway is decoded at the first rate.
    let exact = duration.countedSeconds ?? duration.seconds
    total = abs(exact * Double(rate) - Double(duration.frames)) < 1 ? duration.frames : Int(exact * Double(rate))
    let length = Double(total) / Double(rate)
    for (bound, value) in [(PreparationError.Reason.Bound.start, options.start), (.end, options.end)] {
      guard let value else { continue }
      guard value.isFinite, value >= 0 else { throw PreparationError(.notATime(bound, value), path: path) }
      // A time in milliseconds may be off by half a frame.
      guard value <= length + 0.001 else {
        throw PreparationError(.beyondEnd(bound, at: value, length: length), path: path)
      }
    }
    if options.passage != .first, options.start != nil || options.end != nil {
      throw PreparationError(.passageBesideTimes(options.passage), path: path)
    }
    if options.trimsSilence || options.maximumSilence != nil, !(-120 ... -10).contains(options.silenceLevel) {
      throw PreparationError(.silenceLevel(options.silenceLevel), path: path)
    }
    if let longest = options.maximumSilence, !MaximumSilence.range.contains(longest) {
      throw PreparationError(.maximumSilence(longest), path: path)
    }
    let first = Int(((options.start ?? 0) * Double(rate)).rounded())
    let last = min(options.end.map { Int(($0 * Double(rate)).rounded()) } ?? total, total)
    guard first < last else {
      throw PreparationError(
        .startNotBeforeEnd(start: Double(first) / Double(rate), end: Double(last) / Double(rate)), path: path)
    }
    part = first..<last
  }

  /// Maximum length, in frames, of a part chosen in a recording that is too long.
  ///
  /// Tools that ignore the delay and padding of an MP3 file also see the part within the limit, whatever its format
  /// becomes.
  var safeFrames: Int {
    let encoded = MP3Choice.margin(sampleRate: MP3Choice.sampleRate(for: rate))
    let margin = format == .mp3 ? max(encoded, MP3Cut.surplus(sampleRate: rate)) : encoded
    let least = limits.minimumSeconds * Double(rate)
    return max(
      Excerpt.mostFrames(limits.maximumSeconds - margin, rate: rate), least < 1e15 ? Int(least.rounded(.up)) : 0)
  }

  /// Returns the measurement of the samples that the request needs and `survey` does not hold yet.
  func measure(_ survey: Survey) throws(PreparationError) -> Measure? {
    var part = part
    if options.trimsSilence {
      guard let sound = survey.sound(in: part, over: options.silenceLevel) else {
        return .sound(part, level: options.silenceLevel)
      }
      part = try sounding(sound)
    }
    if options.maximumSilence != nil, survey.removals(in: part) == nil {
      return .removals(part, longest: longestSilence, level: options.silenceLevel)
    }
    let surplus = try removed(in: part, survey).reduce(0) { $0 + $1.count }
    guard options.passage == .auto, part.count - surplus > Excerpt.mostFrames(limits.maximumSeconds, rate: rate),
      survey.passage(in: part, frames: safeFrames) == nil
    else { return nil }
    try checkMayTrim(part)
    let least = limits.minimumSeconds * Double(rate)
    return .passage(part, frames: safeFrames, least: least < 1e15 ? Int(least.rounded(.up)) : safeFrames)
  }

  /// Number of frames to which silence is shortened.
  private var longestSilence: Int { Int(((options.maximumSilence ?? 0) * Double(rate)).rounded()) }

  /// Returns the stretches of silence that are left out of a part, in order.
  ///
  /// - Parameters:
  ///   - part: The frame indices of the part.
  ///   - survey: The measurements made so far; `nil` for none.
  /// - Returns: The frame indices of the stretches.
  /// - Throws: `PreparationError` if the silence is not measured.
  func removed(in part: Range<Int>, _ survey: Survey?) throws(PreparationError) -> [Range<Int>] {
    guard options.maximumSilence != nil else { return [] }
    guard let found = survey?.removals(in: part) else { throw unmeasured() }
    return found
  }

  /// Returns the part between the silence in front and behind.
  ///
  /// - Parameter sound: The frames in which there is sound.
  /// - Returns: The frame indices of the part.
  /// - Throws: `PreparationError` if the recording is silent throughout.
  func sounding(_ sound: Survey.Sound) throws(PreparationError) -> Range<Int> {
    guard let frames = sound.frames else {
      throw PreparationError(.allSilent(level: sound.level, loudest: sound.loudest), path: path)
    }
    return frames
  }

  /// Returns the reason that states the silence dropped around the sound.
  func dropped(around sound: Range<Int>) -> ExcerptReason {
    .withoutSilence(
      front: Double(sound.lowerBound - part.lowerBound) / Double(rate),
      behind: Double(part.upperBound - sound.upperBound) / Double(rate), level: options.silenceLevel)
  }

  /// Throws if a part that is too long must not be cut.
  ///
  /// - Parameter part: The frame indices of the part.
  /// - Throws: `PreparationError` if a part that is too long must not be cut.
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
