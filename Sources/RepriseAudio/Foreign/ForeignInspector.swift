import RepriseSystem

/// Determines the length of a foreign container: counted by libsndfile, or decoded by ffmpeg.
enum ForeignInspector {
  /// Least difference between declared and decoded length, in seconds, that is missing audio if ffmpeg reports a fault.
  private static let missing = 0.01

  /// Examines a file whose content is a foreign container.
  ///
  /// - Throws: `AudioFileError` as `ForeignSource` does.
  static func inspect(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    guard let container = ForeignContainer(content) else {
      throw AudioFileError(path: file.path, content.problem ?? .unrecognised)
    }
    var evidence = Evidence(codec: content.codec)
    evidence.container = container.name
    try examine(file, content, listener: listener, cancellation: cancellation, evidence: &evidence)
    if container.name == "ogg" {
      add(try OggPages(file, from: content.offset), file, to: &evidence)
    } else if let claim = try ForeignClaim(file, container: container.name, start: content.offset) {
      add(claim, file, to: &evidence)
    }
    return evidence
  }

  /// Examines a wav whose samples are coded.
  ///
  /// The evidence of its chunks gets that of its samples; it is unchanged if nothing decodes them.
  /// - Throws: `AudioFileError` `io` or `cancelled`.
  static func inspectCoded(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, cancellation: Cancellation?,
    evidence: inout Evidence
  ) throws(AudioFileError) {
    guard case .wave(.unsupportedCodec(let codec, isLinear: false))? = evidence.unsupported else { return }
    var found = evidence
    do throws(AudioFileError) {
      try examine(file, content, listener: listener, cancellation: cancellation, evidence: &found)
      found.codec = codec
      found.conversion = evidence.unsupported
      found.unsupported = nil
      evidence = found
    } catch {
      switch error.code {
      case .cancelled, .io: throw error
      default: evidence.problems.append(.failed(error))
      }
    }
  }

  private static func examine(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, cancellation: Cancellation?,
    evidence: inout Evidence
  ) throws(AudioFileError) {
    var decoder = try AudioDecoder(file, content, cancellation: cancellation)
    evidence.codec = decoder.codec
    evidence.sampleRate = decoder.sampleRate
    evidence.channels = decoder.channels
    evidence.encoding = decoder.encoding
    evidence.isForeign = true
    evidence.countedFrames = decoder.countedFrames
    evidence.declaredSeconds = decoder.declaredSeconds
    // Floats may be no numbers, or over full scale, which no header reveals.
    var isRead = decoder.countedFrames == nil
    if case .float = decoder.encoding { isRead = true }
    guard isRead else { return }
    try decode(&decoder, file, listener: listener, cancellation: cancellation, evidence: &evidence)
  }

  private static func decode(
    _ decoder: inout AudioDecoder, _ file: InputFile, listener: (any SampleListener)?, cancellation: Cancellation?,
    evidence: inout Evidence
  ) throws(AudioFileError) {
    var statistics = SignalStatistics(channels: decoder.channels)
    listener?.begin(format: decoder.format, sampleRate: decoder.sampleRate, channels: decoder.channels)
    var failure: AudioFileError?
    do throws(AudioFileError) {
      try decoder.readBlocks(cancellation: cancellation) { (block: inout [Float]) in
        listener?.take(block)
        statistics.add(block)
        return true
      }
    } catch {
      if error.code == .cancelled || error.code == .io { throw error }
      failure = error
    }
    evidence.statistics = statistics
    if decoder.countedFrames == nil {
      evidence.decodedFrames = statistics.frames
      evidence.isFull = true
    }
    if let failure {
      evidence.note(failure)
    } else if statistics.frames == 0 {
      throw AudioFileError(path: file.path, .nothingDecoded)
    }
    let seconds = Double(statistics.frames) / Double(decoder.sampleRate)
    if let complaint = decoder.complaint, failure == nil {
      if let declared = decoder.declaredSeconds, declared - seconds > missing {
        evidence.note(
          AudioFileError(
            path: file.path,
            .foreign(.incomplete(declared: declared, decoded: seconds, message: complaint.first))))
      } else {
        let told = ForeignProblem.complaint(lines: complaint.lines, first: complaint.first)
        let finding = Finding.failed(AudioFileError(path: file.path, .foreign(told)))
        // Other messages are about what stands around the audio as often as about the audio.
        if complaint.isChecksum { evidence.corrupt(finding) } else { evidence.problems.append(finding) }
      }
    }
    if statistics.invalid > 0 {
      let first = Double(statistics.firstInvalidFrame ?? 0) / Double(decoder.sampleRate)
      let isDouble = decoder.encoding == .float(bits: 64)
      evidence.corrupt(
        .wave(
          .notNumbers(samples: statistics.invalid, isDouble: isDouble, first: first, places: 1, seconds: 0)))
    }
  }

  /// Records damaged pages, and a file that ends within one.
  private static func add(_ pages: OggPages, _ file: InputFile, to evidence: inout Evidence) {
    if pages.endsInPage { evidence.truncate(.failed(AudioFileError(path: file.path, .foreign(.endsInPage)))) }
    if let first = pages.firstDamaged {
      let problem = ForeignProblem.damagedPages(count: pages.damaged, first: first)
      evidence.corrupt(.failed(AudioFileError(path: file.path, .foreign(problem))))
    }
  }

  /// Compares the bytes that the header declares with those that are there.
  private static func add(_ claim: ForeignClaim, _ file: InputFile, to evidence: inout Evidence) {
    evidence.audioBytes = claim.present
    guard claim.declared > claim.present, claim.present > 0, let rate = evidence.sampleRate,
      let frames = evidence.decodedFrames ?? evidence.countedFrames
    else { return }
    let share = Double(claim.declared - claim.present) / Double(claim.present)
    let missing = Double(frames) / Double(rate) * share
    evidence.declaredSeconds = Double(frames) / Double(rate) + missing
    let problem = ForeignProblem.cutOff(
      declaredBytes: claim.declared, presentBytes: claim.present, missingSeconds: missing)
    evidence.truncate(.failed(AudioFileError(path: file.path, .foreign(problem))))
  }
}

extension Evidence {
  /// Records an error of decoding as a defect of the audio.
  fileprivate mutating func note(_ error: AudioFileError) {
    if error.code == .truncated { truncate(.failed(error)) } else { corrupt(.failed(error)) }
  }
}
