import RepriseSystem

/// Turns evidence into a verdict with reasons.
enum VerdictRules {
  /// Largest deviation of a header's claim, in seconds, that is not reported: about two mp3 frames each way.
  private static let lieTolerance = 0.1

  /// Fraction of samples in flat tops above which a file is reported as clipped.
  private static let clippedShare = 0.001

  /// Judges a file that could be examined.
  static func judge(
    _ evidence: Evidence, path: String, bytes: Int, format: FileFormat, limits: AudioLimits
  ) -> Inspection {
    let duration = duration(of: evidence)
    let isDamaged = evidence.truncation != nil || evidence.corruption != nil || evidence.lineEnds != nil
    let figures = evidence.isFull ? figures(of: evidence) : nil
    var fatal: [Inspection.Reason] = []
    var mendable: [Inspection.Reason] = []
    var remarks: [Inspection.Reason] = []
    func add(_ code: Inspection.Reason.Code, _ finding: Finding?, to reasons: inout [Inspection.Reason]) {
      if let finding { reasons.append(Inspection.Reason(code: code, finding: finding)) }
    }
    add(.unsupportedFormat, evidence.unsupported, to: &fatal)
    add(.corrupt, evidence.lineEnds, to: &fatal)
    add(.truncated, evidence.truncation, to: &fatal)
    add(.corrupt, evidence.corruption, to: &fatal)
    add(.notPortable, evidence.several, to: &mendable)
    if let duration {
      let seconds = duration.seconds
      if seconds < limits.minimumSeconds {
        add(.tooShort, .tooShort(seconds: seconds, minimum: limits.minimumSeconds), to: &fatal)
      }
      if seconds > limits.maximumSeconds {
        add(.tooLong, .tooLong(seconds: seconds, maximum: limits.maximumSeconds), to: &mendable)
      }
      // A header that claims audio that has been cut off is not wrong.
      if !isDamaged {
        add(.headerLies, lie(duration), to: &remarks)
        for finding in BoundaryRisk.findings(duration, evidence: evidence, limits: limits) {
          add(.boundaryRisk, finding, to: &remarks)
        }
      }
    } else if fatal.isEmpty, evidence.doubts.isEmpty {
      add(.corrupt, .immeasurable, to: &fatal)
    }
    add(.headerLies, evidence.rewrite, to: &mendable)
    mendable += evidence.doubts
    // What decoders misread is the stream; here it is in a container.
    if evidence.unwrapping == nil {
      for portability in evidence.portability { add(.notPortable, .notPortable(portability), to: &mendable) }
    }
    if bytes > limits.maximumBytes {
      add(.tooLarge, .tooLarge(bytes: bytes, maximum: limits.maximumBytes), to: &mendable)
    }
    add(.boundaryRisk, BoundaryRisk.finding(bytes: bytes, limits: limits), to: &remarks)
    if let wrapped = evidence.unwrapping {
      add(
        .unsupportedFormat, .container(.wrapped(container: wrapped.container.rawValue, codec: wrapped.codec)),
        to: &mendable)
    } else {
      add(.unsupportedFormat, evidence.conversion, to: &mendable)
    }
    let inner = evidence.unwrapping?.codec ?? format
    if !limits.formats.contains(inner) {
      let accepted = limits.formats.sorted { $0.rawValue < $1.rawValue }
      let name = inner == .other ? name(of: evidence) : inner.rawValue
      add(.unsupportedFormat, .formatNotAccepted(name, accepted: accepted), to: &mendable)
    }
    if let statistics = evidence.statistics, evidence.isFull, statistics.frames > 0 {
      if statistics.isSilent { add(.silent, .silent, to: &fatal) }
      if let share = figures?.clippedShare, share > clippedShare {
        add(.clipped, .clipped(share: share, runs: figures?.runs), to: &remarks)
      }
    }
    let integrity = Inspection.Integrity(
      checked: evidence.skim != nil ? .skim : evidence.isFull ? .full : .structure, damaged: isDamaged,
      problems: evidence.problems + levels(figures, of: evidence),
      damage: evidence.damage.sorted { $0.start < $1.start }, skipped: evidence.skipped, md5: evidence.md5,
      musicCRC: evidence.musicCRC, skim: evidence.skim)
    let notes = Inspection.Notes(
      encoding: evidence.encoding, peak: evidence.statistics?.peak, audioRange: evidence.audioRange,
      waveFormat: evidence.waveFormat, frames: evidence.frames,
      mustRewrite: evidence.rewrite != nil || !evidence.portability.isEmpty, mending: evidence.mending,
      unwrapping: evidence.unwrapping, sideChunks: evidence.sideChunks, isForeign: evidence.isForeign)
    return Inspection(
      path: path, bytes: bytes, format: format, container: evidence.container, codec: evidence.codec,
      sampleRate: evidence.sampleRate, channels: evidence.channels, duration: duration,
      audioBytes: evidence.audioBytes, integrity: integrity, signal: figures, loudness: evidence.loudness,
      verdict: !fatal.isEmpty ? .rejected : mendable.isEmpty ? .ready : .preparable,
      reasons: fatal + mendable + remarks, gapless: evidence.gapless, failure: nil, notes: notes)
  }

  /// Judges a file that could not be examined.
  static func failed(
    _ error: AudioFileError, bytes: Int?, content: SniffedContent?, skim: Inspection.Integrity.Skim? = nil
  ) -> Inspection {
    let code = Self.code(of: error)
    let damaged = code == .corrupt || code == .truncated
    return Inspection(
      path: error.path, bytes: bytes, format: content?.format ?? .unknown, container: nil,
      codec: content?.codec ?? "unknown", sampleRate: nil, channels: nil, duration: nil, audioBytes: nil,
      integrity: Inspection.Integrity(
        checked: skim != nil ? .skim : .structure, damaged: damaged, problems: damaged ? [.failed(error)] : [],
        damage: [], skipped: [], md5: nil, musicCRC: nil, skim: skim),
      signal: nil, loudness: nil, verdict: .rejected,
      reasons: [Inspection.Reason(code: code, finding: .failed(error))], failure: damaged ? nil : error,
      notes: Inspection.Notes())
  }

  /// Returns the name of a foreign format: "aac in m4a", or "opus".
  private static func name(of evidence: Evidence) -> String {
    guard let container = evidence.container, container != evidence.codec else { return evidence.codec }
    return "\(evidence.codec) in \(container)"
  }

  /// Returns the kind of reason for an error.
  private static func code(of error: AudioFileError) -> Inspection.Reason.Code {
    if case .notFetched(.tooLarge) = error.problem { return .tooLarge }
    return switch error.code {
    case .notAudio, .empty: .notAudio
    case .unsupportedFormat: .unsupportedFormat
    case .corrupt: .corrupt
    case .truncated: .truncated
    case .missing, .isDirectory, .notRegular, .notPermitted, .io, .diskFull, .cancelled: .unreadable
    }
  }

  private static func duration(of evidence: Evidence) -> Inspection.Duration? {
    guard let rate = evidence.sampleRate, rate > 0, let frames = evidence.decodedFrames ?? evidence.countedFrames,
      frames > 0
    else { return nil }
    let decoded = evidence.decodedFrames.map { Double($0) / Double(rate) }
    let counted = evidence.countedSeconds ?? evidence.countedFrames.map { Double($0) / Double(rate) }
    guard let seconds = evidence.countedSeconds ?? decoded ?? counted else { return nil }
    let isSkimmed = evidence.skim != nil
    return Inspection.Duration(
      seconds: seconds, frames: frames, basis: isSkimmed ? .declared : decoded != nil ? .decoded : .counted,
      declaredSeconds: evidence.declaredSeconds, countedSeconds: isSkimmed ? nil : counted,
      decodedSeconds: isSkimmed ? nil : decoded)
  }

  private static func figures(of evidence: Evidence) -> Inspection.SignalFigures? {
    guard let statistics = evidence.statistics, let rate = evidence.sampleRate else { return nil }
    return Inspection.SignalFigures(statistics, sampleRate: rate)
  }

  /// Returns the findings about the samples that bear on no verdict.
  private static func levels(_ figures: Inspection.SignalFigures?, of evidence: Evidence) -> [Finding] {
    guard let figures, let statistics = evidence.statistics else { return [] }
    var findings: [Finding] = []
    if case .float? = evidence.encoding, figures.peak > 1, figures.clippedShare <= clippedShare {
      findings.append(.overFullScale(peak: figures.peak))
    }
    if figures.peak > 0, figures.peak < Inspection.SignalFigures.quietPeak, !statistics.isSilent {
      findings.append(.quiet(peak: figures.peak))
    }
    if let offset = figures.offsetFinding { findings.append(offset) }
    return findings + (figures.channels?.findings ?? [])
  }

  private static func lie(_ duration: Inspection.Duration) -> Finding? {
    guard let declared = duration.declaredSeconds, abs(declared - duration.seconds) > lieTolerance else { return nil }
    return .headerLies(declared: declared, actual: duration.seconds, basis: duration.basis)
  }
}
