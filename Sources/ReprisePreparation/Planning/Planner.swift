package import RepriseAudio
import Foundation

/// Chooses the least change that makes a recording fit, without touching the audio.
///
/// - Parameters:
///   - inspection: The inspection of the recording.
///   - limits: The limits of the service.
///   - options: The requested changes.
///   - survey: The measurements made by `survey` for the same limits and options. Without them, the size of a FLAC file
///     and the level of lossy output are not predicted but determined while they are made.
/// - Returns: The plan.
/// - Throws: `PreparationError` if no change makes the recording fit, the requested times are invalid, or the wanted
///   part can only be found by a survey.
package func makePlan(
  for inspection: Inspection, limits: AudioLimits, options: PreparationOptions = PreparationOptions(),
  survey: Survey? = nil
) throws(PreparationError) -> Plan {
  let planner = try Planner(inspection, limits: limits, options: options, survey: survey)
  return try planner.plan()
}

/// The ladder of changes, and the choice of the first rung that fits.
struct Planner {
  /// Inspection of the recording, or of the stream that it wraps.
  let inspection: Inspection
  let source: Inspection
  let limits: AudioLimits
  let options: PreparationOptions
  let encoding: SampleEncoding
  let rate: Int
  let channels: Int
  let bytes: Int
  let excerpt: Excerpt
  let survey: Survey?
  /// Channels of the result; `nil` for those of the source.
  let mix: ChannelMix?

  init(
    _ source: Inspection, limits: AudioLimits, options: PreparationOptions, survey: Survey? = nil
  ) throws(PreparationError) {
    let inspection = source.ofStream
    self.source = source
    let path = inspection.path
    // Several files in one are joined first.
    guard inspection.verdict != .rejected && !inspection.isSeveral || WholePart.isRequested(inspection, options),
      let duration = inspection.duration, let rate = inspection.sampleRate, let channels = inspection.channels,
      rate > 0, channels > 0, let bytes = inspection.bytes
    else {
      throw PreparationError(.rejected(inspection.reasons), path: path)
    }
    guard let encoding = inspection.notes.encoding else {
      throw PreparationError(.storedInspection, path: path)
    }
    self.inspection = inspection
    self.limits = limits
    self.options = options
    self.encoding = encoding
    self.rate = rate
    self.channels = channels
    self.bytes = bytes
    self.survey = survey
    excerpt = try Excerpt(
      of: inspection, duration: duration, rate: rate, limits: limits, options: options, survey: survey)
    mix = try Planner.mix(
      options.channels, channels: channels, facts: survey?.channels(in: excerpt.frames), path: path)
    guard options.fadeIn >= 0, options.fadeOut >= 0, options.fadeIn + options.fadeOut <= excerpt.seconds else {
      throw PreparationError(
        .fades(in: options.fadeIn, out: options.fadeOut, length: excerpt.seconds), path: path)
    }
  }

  func rungs() throws(PreparationError) -> [Work] {
    let whole =
      options.keepsTags ? [keep(), strip(), mend(), mendBare()] : [strip(), keep(), mendBare(), mend()]
    return (whole + [cutWave(), cutMP3(), encodeWave(), encodeFLAC(), try encodeMP3()]).compactMap { $0 }
  }

  func plan() throws(PreparationError) -> Plan {
    let rungs = try rungs()
    // Where only the maximum size is known, the rung is tried if likely to fit, with the next rung as its fallback.
    guard let index = rungs.firstIndex(where: { fits($0) }) else {
      throw noFit()
    }
    let chosen = rungs[index]
    let work = tagged(chosen)
    guard missingChannels() == nil else { throw PreparationError(.unmeasured, path: inspection.path) }
    try checkChannels()
    try checkGain(work)
    let isTooLarge = chosen.predictedBytes > limits.maximumBytes
    let needsFallback = isTooLarge || work.needsProof
    let fallback = rungs[(index + 1)...].first { $0.predictedBytes <= limits.maximumBytes }.map { tagged($0) }
    // A predicted fit also has the next rung as its fallback: a service never receives more than it accepts.
    let mayNeedFallback = needsFallback || work.likelyBytes != nil
    var plan = Plan(
      path: inspection.path, steps: isTooLarge ? steps(work, else: fallback) : work.steps, start: excerpt.start,
      end: work.end, format: work.format,
      predictedBytes: min(work.predictedBytes, limits.maximumBytes), work: work,
      fallback: mayNeedFallback ? fallback : nil, unwrapping: inspection.notes.unwrapping,
      sourceFormat: inspection.format, sourceBytes: source.bytes ?? bytes,
      isChecked: inspection.integrity.checked == .full,
      limits: limits)
    plan.lost = lost(work)
    for case .gain(let change) in work.steps.map(\.detail) { plan.gain = change.decibels }
    return plan
  }

  /// Returns the steps of work that may turn out too large, including those of its fallback.
  private func steps(_ work: Work, else fallback: Work?) -> [Plan.Step] {
    guard let fallback, let last = work.steps.last, let other = fallback.steps.last else { return work.steps }
    let detail = Plan.Step.Detail.either(last.detail, ifAtMost: limits.maximumBytes, otherwise: other.detail)
    return work.steps.dropLast() + [Plan.Step(action: last.action, lossless: last.lossless, detail: detail)]
  }

  private func noFit() -> PreparationError {
    let taken = limits.formats.sorted { $0.rawValue < $1.rawValue }
    if let wanted = options.format, !limits.formats.contains(wanted) {
      return PreparationError(.formatNotTaken(wanted, taken: taken), path: inspection.path)
    }
    if channels > FLACHeader.mostChannels, options.format == .flac || limits.formats == [.flac] {
      return PreparationError(.channels(channels, format: .flac, most: FLACHeader.mostChannels), path: inspection.path)
    }
    return PreparationError(
      .noFormatFits(
        seconds: excerpt.seconds, wanted: options.format, taken: taken, maximumBytes: limits.maximumBytes),
      path: inspection.path)
  }

  /// Returns `true` if the result fits certainly or, for FLAC, probably.
  ///
  /// A FLAC file of unpredicted size is tried, with the next rung as its fallback: music takes 40 to 75 % of its PCM
  /// size, quiet or identical channels less than a quarter.
  func fits(_ work: Work) -> Bool {
    if work.predictedBytes <= limits.maximumBytes { return true }
    if let likely = work.likelyBytes { return likely <= limits.maximumBytes }
    guard case .encode = work.method, work.format == .flac else { return false }
    return Double(work.predictedBytes) * 0.15 <= Double(limits.maximumBytes)
  }

  func isAllowed(_ format: FileFormat) -> Bool {
    limits.formats.contains(format) && (options.format ?? format) == format
  }

  /// `true` if none of the source's own bytes can be used.
  var isForeign: Bool { inspection.notes.isForeign }

  /// `true` if the source is a WAV file whose samples' bytes can be used.
  var isLinearWave: Bool { inspection.format == .wav && !isForeign }

  var hasFades: Bool { options.fadeIn > 0 || options.fadeOut > 0 }

  func work(
    _ method: Work.Method, _ format: FileFormat, _ steps: [Plan.Step], _ bytes: Int, end: Double? = nil
  ) -> Work {
    Work(
      method: method, format: format, steps: unwrapSteps + steps, predictedBytes: bytes, end: end ?? excerpt.end)
  }

  // MARK: Rungs

  /// Rung 1: the unchanged bytes.
  private func keep() -> Work? {
    guard !excerpt.isCut, !changesSamples, !inspection.notes.mustRewrite, !isForeign, isAllowed(inspection.format)
    else {
      return nil
    }
    // A stream taken out of its container is kept as it is.
    let steps =
      inspection.notes.unwrapping == nil ? [Plan.Step(action: .keep, lossless: true, detail: .kept)] : []
    return work(.copy(0..<bytes), inspection.format, steps, bytes)
  }

  /// Rung 2: the file without tags, pictures and padding.
  private func strip() -> Work? {
    guard !excerpt.isCut, !changesSamples, !isForeign, isAllowed(inspection.format),
      let range = inspection.notes.audioRange
    else { return nil }
    let size: Int
    let method: Work.Method
    switch inspection.format {
    case .mp3:
      // Without tags alone the frames are misread as before.
      guard !inspection.notes.mustRewrite else { return nil }
      size = range.count
      method = .copy(range)
    case .flac:
      size = range.count + FLACHeader.byteCount
      method = .flacFrames(range, totalSamples: excerpt.total)
    case .wav:
      size = waveBytes(frames: excerpt.total)
      method = .wave(frames: 0..<excerpt.total)
    case .other, .unknown: return nil
    }
    // A flac or wav that must be rewritten is mended, or encoded anew.
    guard inspection.notes.mending == nil, inspection.format == .mp3 || !inspection.notes.mustRewrite,
      size < bytes || inspection.notes.mustRewrite
    else { return nil }
    let detail: Plan.Step.Detail =
      inspection.notes.mustRewrite
      ? .newHeader(chunks: removedChunks) : .stripped(bytes: bytes - size, chunks: removedChunks)
    let step = Plan.Step(action: .strip, lossless: true, detail: detail)
    return work(method, inspection.format, [step], size)
  }

  /// Rung 3: the audio's own bytes in a file that every decoder reads alike.
  private func mend() -> Work? {
    guard !excerpt.isCut, !changesSamples, isAllowed(inspection.format), let mending = inspection.notes.mending else {
      return nil
    }
    let step = Plan.Step(action: .mend, lossless: true, detail: .mended(mending.repairs))
    return work(.splice(mending.result), inspection.format, [step], mending.result.byteCount)
  }

  /// Rung 3 without tags, pictures and other blocks beside the audio, which do not fit.
  private func mendBare() -> Work? {
    guard let mended = mend(), let bare = inspection.notes.mending?.bare, bare.byteCount < mended.predictedBytes else {
      return nil
    }
    let dropped = Plan.Step.Detail.stripped(bytes: mended.predictedBytes - bare.byteCount, chunks: removedChunks)
    let steps = mended.steps + [Plan.Step(action: .strip, lossless: true, detail: dropped)]
    return work(.splice(bare), inspection.format, steps, bare.byteCount)
  }

  /// Rung 4: a part of a WAV file, cut at its bytes.
  private func cutWave() -> Work? {
    guard isLinearWave, excerpt.isCut, !changesSamples, isAllowed(.wav) else { return nil }
    return work(
      .wave(frames: excerpt.frames), .wav, [Planner.cutStep(excerpt, .bytes(without: removedChunks))],
      waveBytes(frames: excerpt.frames.count))
  }

  /// Rung 4: a part of an MP3 file, cut at its frames.
  private func cutMP3() -> Work? {
    guard inspection.format == .mp3, excerpt.isCut, !changesSamples, isAllowed(.mp3),
      let facts = inspection.notes.frames
    else { return nil }
    let excerpt = kept(inside: MP3Cut.surplus(sampleRate: rate))
    let part: (facts: MP3FrameFacts, samples: Range<Int>)
    switch facts.refusal {
    case nil: part = (facts, excerpt.frames)
    case .changingFormat:
      // A part inside one section keeps the form of that section.
      guard let section = facts.section(from: excerpt.start, to: excerpt.end), section.facts.refusal == nil else {
        return nil
      }
      part = section
    default: return nil
    }
    return work(
      .mp3Frames(part.samples, part.facts), .mp3, [Planner.cutStep(excerpt, .frames)],
      part.facts.mostBytes(samples: part.samples.count), end: excerpt.end)
  }

  /// Returns the part, shortened by a margin below the service's maximum length, as tools may overestimate the length.
  ///
  /// Only a part that is cut anyway, or may be, is shortened.
  func kept(inside margin: Double) -> Excerpt {
    var excerpt = excerpt
    let least = limits.minimumSeconds * Double(rate)
    let inside = max(
      Excerpt.mostFrames(limits.maximumSeconds - margin, rate: rate), least < 1e15 ? Int(least.rounded(.up)) : 0)
    if inside > 0, excerpt.keptFrames > inside, excerpt.isTrimmed || options.mayTrim && options.end == nil {
      excerpt.shorten(to: inside)
      if !excerpt.isTrimmed { excerpt.reasons = [.longest] }
      excerpt.isTrimmed = true
    }
    return excerpt
  }

  /// Chunks of a WAV file that its new header leaves out; a fact chunk is written anew where required.
  private var removedChunks: [RemovedChunk] {
    inspection.notes.sideChunks.first.filter { $0.kind != "fact" }
      .map { RemovedChunk(name: $0.kind, bytes: $0.bytes) }
  }

  func encode(_ target: AudioEncoder.Encoding, gain: Float) -> Work.Encode {
    Work.Encode(
      frames: excerpt.frames, encoding: target, sampleRate: rate, channels: mixedChannels, removed: excerpt.removed,
      mix: mix, gain: gain,
      fadeIn: Int((options.fadeIn * Double(rate)).rounded()), fadeOut: Int((options.fadeOut * Double(rate)).rounded()))
  }

  private func waveBytes(frames: Int) -> Int {
    guard let format = inspection.notes.waveFormat, let fields = WaveLayout.Format(format), fields.frameBytes > 0 else {
      return .max
    }
    return WaveHeader.fileBytes(format: format, data: frames * fields.frameBytes)
  }

  private var unwrapSteps: [Plan.Step] {
    inspection.notes.unwrapping.map { [Plan.Step(action: .unwrap, lossless: true, detail: .unwrapped($0))] } ?? []
  }

  func cutSteps(_ method: Cut.Method) -> [Plan.Step] {
    excerpt.isCut ? [Planner.cutStep(excerpt, method)] : []
  }

  static func cutStep(_ excerpt: Excerpt, _ method: Cut.Method) -> Plan.Step {
    let cut = Cut(start: excerpt.start, end: excerpt.end, reasons: excerpt.reasons, method: method)
    return Plan.Step(action: .cut, lossless: true, detail: .cut(cut))
  }
}
