public import RepriseAudio
import Foundation

/// Chooses the least change that makes a recording fit, without touching its audio.
///
/// - Parameter survey: what `survey` measured for the same limits and options. Without it a flac's size and the level of
///   what is encoded with loss are not foreseen but found out while they are made.
/// - Throws: `PreparationError` where nothing makes it fit, the times asked for make no sense, or the part that is wanted
///   can only be found by a survey.
public func makePlan(
  for inspection: Inspection, limits: AudioLimits, options: PreparationOptions = PreparationOptions(),
  survey: Survey? = nil
) throws(PreparationError) -> Plan {
  let planner = try Planner(inspection, limits: limits, options: options, survey: survey)
  return try planner.plan()
}

/// The ladder of changes, and the first rung that fits.
struct Planner {
  let inspection: Inspection
  let limits: AudioLimits
  let options: PreparationOptions
  let encoding: SampleEncoding
  let rate: Int
  let channels: Int
  let bytes: Int
  let excerpt: Excerpt
  let survey: Survey?

  init(
    _ inspection: Inspection, limits: AudioLimits, options: PreparationOptions, survey: Survey? = nil
  ) throws(PreparationError) {
    let path = inspection.path
    guard inspection.verdict != .rejected, let duration = inspection.duration, let rate = inspection.sampleRate,
      let channels = inspection.channels, rate > 0, channels > 0, let bytes = inspection.bytes
    else {
      let findings = inspection.reasons.map(\.finding)
      throw PreparationError(
        .unusable, path: path, findings.isEmpty ? "it holds no audio that can be used" : "", findings: findings)
    }
    guard let encoding = inspection.notes.encoding else {
      throw PreparationError(.unusable, path: path, "inspect it again: a stored record does not tell how to cut it")
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
    guard options.fadeIn >= 0, options.fadeOut >= 0, options.fadeIn + options.fadeOut <= excerpt.seconds else {
      throw PreparationError(
        .badRange, path: path,
        "fades of \(describe(seconds: options.fadeIn)) and \(describe(seconds: options.fadeOut)) do not fit into "
          + "\(describe(seconds: excerpt.seconds))")
    }
  }

  func rungs() throws(PreparationError) -> [Work] {
    [keep(), strip(), cutWave(), cutMP3(), encodeWave(), encodeFLAC(), try encodeMP3()].compactMap { $0 }
  }

  func plan() throws(PreparationError) -> Plan {
    let rungs = try rungs()
    // Where the bytes are only known to be at most so many, it is tried if that is likely, with the next rung behind.
    guard let index = rungs.firstIndex(where: { fits($0) }) else {
      throw noFit()
    }
    let work = rungs[index]
    let isTooLarge = work.predictedBytes > limits.maximumBytes
    let needsFallback = isTooLarge || work.needsProof
    let fallback = rungs[(index + 1)...].first { $0.predictedBytes <= limits.maximumBytes }
    // What is foreseen to fit still has the next rung behind it: a service is never handed more than it takes.
    let mayNeedFallback = needsFallback || work.likelyBytes != nil
    return Plan(
      path: inspection.path, steps: isTooLarge ? steps(work, else: fallback) : work.steps, start: excerpt.start,
      end: work.end, format: work.format,
      predictedBytes: min(work.predictedBytes, limits.maximumBytes), work: work,
      fallback: mayNeedFallback ? fallback : nil, sourceFormat: inspection.format, sourceBytes: bytes,
      isChecked: inspection.integrity.checked == .full,
      limits: limits)
  }

  /// The steps of what may turn out too large, with what is done then.
  private func steps(_ work: Work, else fallback: Work?) -> [Plan.Step] {
    guard let fallback, let last = work.steps.last, let other = fallback.steps.last else { return work.steps }
    let detail = "\(last.detail), if that fits \(describe(bytes: limits.maximumBytes)); else \(other.detail)"
    return work.steps.dropLast() + [Plan.Step(action: last.action, lossless: last.lossless, detail: detail)]
  }

  private func noFit() -> PreparationError {
    let taken = limits.formats.map(\.rawValue).sorted().joined(separator: ", ")
    if let wanted = options.format, !limits.formats.contains(wanted) {
      return PreparationError(
        .noFit, path: inspection.path, "the service does not take \(wanted.rawValue); ask for one of \(taken)")
    }
    let formats = options.format?.rawValue ?? taken
    let other = options.format != nil && limits.formats.count > 1 ? " or another format" : ""
    return PreparationError(
      .noFit, path: inspection.path,
      "\(describe(seconds: excerpt.seconds)) as \(formats) cannot be made to fit \(describe(bytes: limits.maximumBytes)); "
        + "choose a shorter part\(other)")
  }

  /// Whether it fits for sure or, for flac, probably. Where its size was not foreseen: music takes 40 to 75 % of its PCM
  /// size, what is quiet or has the same on both sides less than a quarter. It is tried, with the next rung behind it.
  func fits(_ work: Work) -> Bool {
    if work.predictedBytes <= limits.maximumBytes { return true }
    if let likely = work.likelyBytes { return likely <= limits.maximumBytes }
    guard case .encode = work.method, work.format == .flac else { return false }
    return Double(work.predictedBytes) * 0.15 <= Double(limits.maximumBytes)
  }

  private func isAllowed(_ format: FileFormat) -> Bool {
    limits.formats.contains(format) && (options.format ?? format) == format
  }

  var hasFades: Bool { options.fadeIn > 0 || options.fadeOut > 0 }

  private func work(
    _ method: Work.Method, _ format: FileFormat, _ steps: [Plan.Step], _ bytes: Int, end: Double? = nil
  ) -> Work {
    Work(method: method, format: format, steps: steps, predictedBytes: bytes, end: end ?? excerpt.end)
  }

  // MARK: Rungs

  /// 1. The same bytes.
  private func keep() -> Work? {
    guard !excerpt.isCut, !hasFades, !inspection.notes.mustRewrite, isAllowed(inspection.format) else { return nil }
    let step = Plan.Step(action: .keep, lossless: true, detail: "it fits as it is; not a byte is changed")
    return work(.copy(0..<bytes), inspection.format, [step], bytes)
  }

  /// 2. Without tags, pictures and padding.
  private func strip() -> Work? {
    guard !excerpt.isCut, !hasFades, isAllowed(inspection.format), let range = inspection.notes.audioRange else { return nil }
    let size: Int
    let method: Work.Method
    switch inspection.format {
    case .mp3:
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
    guard size < bytes || inspection.notes.mustRewrite else { return nil }
    let detail =
      inspection.notes.mustRewrite
      ? "a header that other programs understand is written in front of the audio's bytes"
      : "tags, pictures and padding are dropped (\(describe(bytes: bytes - size))); the audio's bytes stay"
    let step = Plan.Step(action: .strip, lossless: true, detail: detail + leftOut)
    return work(method, inspection.format, [step], size)
  }

  /// 3. A part of a wav, by its bytes.
  private func cutWave() -> Work? {
    guard inspection.format == .wav, excerpt.isCut, !hasFades, isAllowed(.wav) else { return nil }
    return work(
      .wave(frames: excerpt.frames), .wav, [cutStep(lossless: true, how: "by its bytes, without loss" + leftOut)],
      waveBytes(frames: excerpt.frames.count))
  }

  /// 3. A part of an mp3, by its frames.
  private func cutMP3() -> Work? {
    guard inspection.format == .mp3, excerpt.isCut, !hasFades, isAllowed(.mp3), let facts = inspection.notes.frames,
      facts.refusal == nil
    else { return nil }
    let excerpt = kept(inside: MP3Cut.surplus(sampleRate: rate))
    return work(
      .mp3Frames(excerpt.frames, facts), .mp3,
      [Planner.cutStep(excerpt, lossless: true, how: "to the sample by its own frames, nothing encoded again")],
      facts.mostBytes(samples: excerpt.frames.count), end: excerpt.end)
  }

  /// The part, so much shorter than the longest the service takes as tools may see it too long; only what is cut
  /// anyway, or may be, is made shorter.
  private func kept(inside margin: Double) -> Excerpt {
    var excerpt = excerpt
    let least = limits.minimumSeconds * Double(rate)
    let inside = max(
      Excerpt.mostFrames(limits.maximumSeconds - margin, rate: rate), least < 1e15 ? Int(least.rounded(.up)) : 0)
    if inside > 0, excerpt.frames.count > inside, excerpt.isTrimmed || options.mayTrim && options.end == nil {
      excerpt.frames = excerpt.frames.lowerBound..<excerpt.frames.lowerBound + inside
      if !excerpt.isTrimmed { excerpt.reason = "the most the service takes" }
      excerpt.isTrimmed = true
    }
    return excerpt
  }

  /// A wav's chunks that its new header leaves out: their places and words would not be true of a part.
  private var leftOut: String {
    let names = inspection.notes.sideChunks.first.map(\.kind).filter { $0 != "fact" }
    return names.isEmpty ? "" : "; without the chunks \(names.joined(separator: ", "))"
  }

  /// A wav that is not the source's own bytes: with fades, or because a wav was asked for.
  private func encodeWave() -> Work? {
    guard isAllowed(.wav), inspection.format == .wav ? hasFades : options.format == .wav else { return nil }
    let (target, width): (AudioEncoder.Encoding, Int)
    switch encoding {
    case .integer(let bits):
      width = max((bits + 7) / 8 * 8, 16)
      target = .wav(bitsPerSample: width)
    case .float:
      width = 32
      target = .wavFloat
    case .lossy:
      width = 16
      target = .wav(bitsPerSample: 16)
    }
    let lowered = encoding == .lossy ? integerLevel(of: encode(target, gain: 1)) : nil
    var steps = cutSteps(lossless: true, how: "to the sample") + fadeSteps()
    if inspection.format != .wav {
      let details = ["to wav of \(width) bits, as was asked for"] + (lowered.map { [$0.words] } ?? [])
      steps.append(
        Plan.Step(action: .convert, lossless: encoding != .lossy, detail: details.joined(separator: "; ")))
    }
    let size = excerpt.frames.count * channels * width / 8 + 128
    return work(.encode(encode(target, gain: lowered?.gain ?? 1)), .wav, steps, size)
  }

  /// 4. flac: a flac's own samples, or a wav's without loss.
  private func encodeFLAC() -> Work? {
    // A flac that is neither cut nor faded would only come out as large again.
    let isSame = inspection.format == .flac && !excerpt.isCut && !hasFades
    guard isAllowed(.flac), !isSame, channels <= 8,
      inspection.format != .mp3 || options.format == .flac
    else {
      return nil
    }
    let form = flacForm()
    var steps = cutSteps(lossless: true, how: "to the sample, without loss") + fadeSteps()
    if inspection.format != .flac {
      steps.append(Plan.Step(action: .convert, lossless: form.isExact, detail: "to flac\(form.words)"))
    }
    let encode = encode(.flac(bitsPerSample: form.width), gain: form.gain)
    // Verbatim blocks are the worst case of the format: the samples themselves and a header for each block.
    let samples = excerpt.frames.count * channels * ((form.width + 7) / 8)
    let size = samples + samples / 256 + 8192
    guard let foreseen = survey?.size(of: encode) else { return work(.encode(encode), .flac, steps, size) }
    var made = work(.encode(encode), .flac, steps, min(size, foreseen.most))
    made.likelyBytes = foreseen.likely
    return made
  }

  /// 5. mp3 at the highest quality that fits.
  private func encodeMP3() throws(PreparationError) -> Work? {
    guard isAllowed(.mp3) else { return nil }
    let target = MP3Choice.sampleRate(for: rate)
    let excerpt = kept(inside: MP3Choice.margin(sampleRate: target))
    guard
      let choice = MP3Choice(
        sampleRate: target, channels: channels, seconds: excerpt.seconds, maximumBytes: limits.maximumBytes)
    else { return nil }
    var details = ["to mp3 at \(choice.bitrate / 1000) kbit/s"]
    if !choice.tellsLength {
      details.append(
        "so few bits leave no room for its exact length: up to \(describe(seconds: choice.longestSurplus)) of silence "
          + "stay around it")
    }
    var encode = encode(.mp3(bitrate: choice.bitrate), gain: 1)
    encode.frames = excerpt.frames
    encode.sampleRate = choice.sampleRate
    encode.channels = choice.channels
    if let level = survey?.level(of: encode), level.truePeak < 0.6 { encode.mayClip = false }
    if let lowered = codedLevel(of: encode, bitrate: choice.bitrate) {
      encode.gain = lowered.gain
      details.append(lowered.words)
    }
    if target != rate { details.append("resampled from \(rate) to \(target) Hz, which mp3 has") }
    if channels > 2 { details.append("mixed from \(channels) channels to 2, the most mp3 has") }
    if inspection.format == .mp3 {
      let reason =
        hasFades
        ? "for the fades" : inspection.notes.frames?.refusal.map { "since \($0.words)" } ?? "to fit"
      details.append("encoded again \(reason)")
    }
    let steps =
      (excerpt.isCut ? [Planner.cutStep(excerpt, lossless: true, how: "to the sample")] : []) + fadeSteps() + [
        Plan.Step(action: .convert, lossless: false, detail: details.joined(separator: "; "))
      ]
    return work(.encode(encode), .mp3, steps, choice.bytes, end: excerpt.end)
  }

  // MARK: Parts of rungs

  func encode(_ target: AudioEncoder.Encoding, gain: Float) -> Work.Encode {
    Work.Encode(
      frames: excerpt.frames, encoding: target, sampleRate: rate, channels: channels, gain: gain,
      fadeIn: Int((options.fadeIn * Double(rate)).rounded()), fadeOut: Int((options.fadeOut * Double(rate)).rounded()))
  }

  private func waveBytes(frames: Int) -> Int {
    guard let total = inspection.audioBytes, excerpt.total > 0, let format = inspection.notes.waveFormat else { return .max }
    return WaveHeader.fileBytes(format: format, data: frames * (total / excerpt.total))
  }

  private func cutSteps(lossless: Bool, how: String) -> [Plan.Step] {
    excerpt.isCut ? [cutStep(lossless: lossless, how: how)] : []
  }

  private func cutStep(lossless: Bool, how: String) -> Plan.Step {
    Planner.cutStep(excerpt, lossless: lossless, how: how)
  }

  private static func cutStep(_ excerpt: Excerpt, lossless: Bool, how: String) -> Plan.Step {
    Plan.Step(
      action: .cut, lossless: lossless,
      detail: "\(describe(seconds: excerpt.start)) to \(describe(seconds: excerpt.end)), \(excerpt.reason), \(how)")
  }

  private func fadeSteps() -> [Plan.Step] {
    guard hasFades else { return [] }
    let fades = [("in", options.fadeIn), ("out", options.fadeOut)].filter { $0.1 > 0 }
      .map { "\($0.0) over \(describe(seconds: $0.1))" }
    return [
      Plan.Step(
        action: .convert, lossless: false,
        detail: "faded \(fades.joined(separator: " and ")), as was asked for; the samples in between stay")
    ]
  }
}
