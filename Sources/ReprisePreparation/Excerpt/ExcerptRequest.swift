import RepriseAudio
import Foundation

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
    if options.passage != .first, options.start != nil || options.end != nil {
      throw PreparationError(
        .badRange, path: path,
        "the part is chosen either by start and end or as '\(options.passage.rawValue)', not both; leave one out")
    }
    if options.trimsSilence, !(-120 ... -10).contains(options.silenceLevel) {
      throw PreparationError(
        .badRange, path: path,
        "silence is what is under a level of -120 to -10 dBFS, not \(options.silenceLevel); choose another")
    }
    let first = Int(((options.start ?? 0) * Double(rate)).rounded())
    let last = min(options.end.map { Int(($0 * Double(rate)).rounded()) } ?? total, total)
    guard first < last else {
      throw PreparationError(
        .badRange, path: path,
        "the start at \(describe(seconds: Double(first) / Double(rate))) is not before the end at "
          + "\(describe(seconds: Double(last) / Double(rate)))")
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
      throw PreparationError(
        .unusable, path: path,
        String(
          format: "nothing in it is louder than %g dBFS, so all of it is silence (%@); record it again, or lower "
            + "--silence-level",
          sound.level,
          sound.loudest.isFinite
            ? String(format: "its loudest 20 ms reach %.1f dBFS", sound.loudest) : "digital silence throughout"))
    }
    return frames
  }

  func silenceWords(_ sounding: Range<Int>) -> String {
    let sides = [
      ("in front", sounding.lowerBound - part.lowerBound), ("behind", part.upperBound - sounding.upperBound),
    ].filter { $0.1 > 0 }
      .map { "\(describe(seconds: Double($0.1) / Double(rate))) \($0.0)" }
    return String(
      format: "without its silence (%@, under %g dBFS)", sides.joined(separator: " and "), options.silenceLevel)
  }

  /// - Throws: `PreparationError` if a part that is too long has to stay as it is.
  func checkMayTrim(_ part: Range<Int>) throws(PreparationError) {
    let wanted = describe(seconds: Double(part.count) / Double(rate))
    let limit = describe(seconds: limits.maximumSeconds)
    if options.end != nil {
      throw PreparationError(
        .tooLong, path: path,
        "from \(describe(seconds: Double(part.lowerBound) / Double(rate))) to "
          + "\(describe(seconds: Double(part.upperBound) / Double(rate))) are \(wanted), "
          + "over the service's maximum of \(limit); move --start or --end")
    }
    guard options.mayTrim else {
      throw PreparationError(
        .tooLong, path: path,
        "\(wanted) are over the service's maximum of \(limit), and it may not be cut; leave out --no-trim, or choose a "
          + "part with --start and --end")
    }
  }

  func unmeasured() -> PreparationError {
    PreparationError(
      .unmeasured, path: path, "which part is used depends on its samples, which nobody has looked at; survey it first")
  }
}
