import RepriseAudio

extension Planner {
  /// Returns work with the tags of the recording, as far as the result holds them.
  ///
  /// They never change the way in which the audio is made: what does not fit beside it is left out.
  func tagged(_ work: Work) -> Work {
    guard options.keepsTags, let found = survey?.tags, !found.tags.isEmpty, var method = receiving(work, found) else {
      return work
    }
    let carried = TagCarrier.carry(found.tags, change(work))
    // A stream that is taken out of its container stays as it is unless there is something to be added.
    if carried.byteCount == 0, method != work.method {
      guard !carried.losses.isEmpty else { return work }
      method = work.method
    }
    var tagged = work
    tagged.method = method
    tagged.tags = carried
    if case .splice(let splice) = method { tagged.predictedBytes = splice.byteCount }
    tagged.predictedBytes += carried.byteCount
    tagged.likelyBytes = work.likelyBytes.map { $0 + carried.byteCount }
    tagged.steps = work.steps.map { $0.telling(carried) }
    return tagged
  }

  /// Returns the method that writes tags; `nil` if the result has its own ones as they are.
  private func receiving(_ work: Work, _ found: TagReader.Found) -> Work.Method? {
    switch work.method {
    case .copy(let range):
      guard range == 0..<bytes else { return work.method }
      guard inspection.notes.unwrapping != nil, found.isOfContainer, let audio = inspection.notes.audioRange else {
        return nil
      }
      switch work.format {
      case .mp3: return .copy(audio)
      case .flac: return .flacFrames(audio, totalSamples: excerpt.total)
      case .wav, .other, .unknown: return nil
      }
    case .splice(let splice):
      guard let bare = inspection.notes.mending?.bare else { return nil }
      if splice == bare { return work.method }
      // A flac whose ID3 tags are dropped gets what they say as comments.
      return work.format == .flac && found.isOfContainer ? .splice(bare) : nil
    case .wave, .mp3Frames, .flacFrames, .encode: return work.method
    }
  }

  private func change(_ work: Work) -> TagChange {
    var rates = (from: rate, to: rate)
    var keepsBytes = true
    if case .encode(let encode) = work.method {
      rates.to = encode.sampleRate
      keepsBytes = false
    }
    var change = TagChange(
      format: work.format, part: excerpt.start...max(work.end, excerpt.start), isCut: excerpt.isCut,
      sampleRates: rates, keepsSamples: work.steps.allSatisfy(\.lossless), keepsBytes: keepsBytes,
      room: room(beside: work), limit: limits.maximumBytes)
    if case .mp3Frames(let samples, _) = work.method {
      change.isCut = true
      if change.part.upperBound <= change.part.lowerBound {
        change.part = change.part.lowerBound...change.part.lowerBound + Double(samples.count) / Double(rate)
      }
    }
    change.removed = lost(work).map { $0.start...$0.end }
    return change
  }

  /// Number of bytes that the service accepts beyond the audio, as far as its size is known.
  private func room(beside work: Work) -> Int {
    let most = limits.maximumBytes
    if case .encode = work.method, work.format == .flac {
      // A FLAC file that turns out too large is made again without tags.
      let likely = work.likelyBytes ?? work.predictedBytes / 4 * 3
      return most - min(likely, work.predictedBytes)
    }
    return most - work.predictedBytes
  }
}

extension Plan.Step {
  /// Returns the step with what it drops beside the tags that are written again.
  fileprivate func telling(_ carried: CarriedTags) -> Plan.Step {
    switch detail {
    case .stripped(let bytes, _):
      Plan.Step(
        action: action, lossless: lossless,
        detail: .stripped(bytes: max(bytes - carried.byteCount, 0), chunks: []))
    case .newHeader: Plan.Step(action: action, lossless: lossless, detail: .newHeader(chunks: []))
    case .cut(let cut):
      if case .bytes = cut.method {
        Plan.Step(
          action: action, lossless: lossless,
          detail: .cut(Cut(start: cut.start, end: cut.end, reasons: cut.reasons, method: .bytes(without: []))))
      } else {
        self
      }
    default: self
    }
  }
}

extension Surveyor {
  /// Reads the tags, unless the file is kept as it is.
  func readTags(
    of inspection: Inspection, limits: AudioLimits, options: PreparationOptions, in survey: inout Survey
  ) throws {
    guard options.keepsTags else { return }
    let plan = try? makePlan(for: inspection, limits: limits, options: options, survey: survey)
    guard let plan, !plan.keepsFile else { return }
    do {
      let found = try TagReader.read(path, frames: inspection.notes.frames, cancellation: cancellation)
      if !found.tags.isEmpty { survey.tags = found }
    } catch {
      if error.code == .cancelled { throw CancellationError() }
      // A file that cannot be read any more is told of when its audio is.
    }
  }
}
