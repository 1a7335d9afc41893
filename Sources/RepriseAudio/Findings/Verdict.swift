import Foundation

/// Turns evidence into a verdict with reasons.
enum Verdict {
  private typealias Code = Inspection.Reason.Code

  /// How far a header's claim may be off, in seconds, before it is called a lie: about two mp3 frames each way.
  private static let lieTolerance = 0.1

  /// Judges a file that could be looked at.
  static func judge(
    _ evidence: Evidence, path: String, bytes: Int, format: FileFormat, limits: AudioLimits
  ) -> Inspection {
    let duration = duration(of: evidence)
    let isDamaged = evidence.truncation != nil || evidence.corruption != nil
    var fatal: [Inspection.Reason] = []
    var mendable: [Inspection.Reason] = []
    var remarks: [Inspection.Reason] = []
    func reason(_ code: Code, _ message: String) -> Inspection.Reason {
      Inspection.Reason(code: code, message: message)
    }
    if let message = evidence.unsupported { fatal.append(reason(.unsupportedFormat, message)) }
    if let message = evidence.truncation { fatal.append(reason(.truncated, message)) }
    if let message = evidence.corruption { fatal.append(reason(.corrupt, message)) }
    if let duration {
      let seconds = duration.seconds
      if seconds < limits.minimumSeconds {
        fatal.append(
          reason(
            .tooShort,
            "is \(BoundaryRisk.exact(seconds, near: limits.minimumSeconds)) long, under the service's minimum of "
              + "\(describe(seconds: limits.minimumSeconds)); use a longer recording"))
      }
      if seconds > limits.maximumSeconds {
        mendable.append(
          reason(
            .tooLong,
            "is \(BoundaryRisk.exact(seconds, near: limits.maximumSeconds)) long, over the service's maximum of "
              + "\(describe(seconds: limits.maximumSeconds)); 'reprise prepare' cuts it, --start and --end say where"
          ))
      }
      // A header that promises what has been cut off did not lie.
      if !isDamaged {
        if let message = lie(duration) { remarks.append(reason(.headerLies, message)) }
        for message in BoundaryRisk.sentences(duration, evidence: evidence, limits: limits) {
          remarks.append(reason(.boundaryRisk, message))
        }
      }
    } else if fatal.isEmpty {
      fatal.append(reason(.corrupt, "holds no audio that could be measured"))
    }
    if let message = evidence.rewrite { mendable.append(reason(.headerLies, message)) }
    if bytes > limits.maximumBytes {
      mendable.append(
        reason(
          .tooLarge,
          "\(sizes(bytes, limits.maximumBytes)); try 'reprise prepare', which takes the least change that fits"))
    }
    if let message = BoundaryRisk.sentence(bytes: bytes, limits: limits) {
      remarks.append(reason(.boundaryRisk, message))
    }
    if !limits.formats.contains(format) {
      let taken = limits.formats.map(\.rawValue).sorted().joined(separator: ", ")
      mendable.append(
        reason(
          .unsupportedFormat, "is \(format.rawValue), and the service takes \(taken); 'reprise prepare' converts it"))
    }
    let figures = evidence.isFull ? figures(of: evidence) : nil
    if let statistics = evidence.statistics, evidence.isFull, statistics.frames > 0 {
      if statistics.isSilent {
        fatal.append(reason(.silent, "is silent: no sample is louder than −80 dBFS; record it again"))
      }
      if statistics.clippedShare > 0.001 {
        remarks.append(
          reason(
            .clipped,
            String(
              format: "%.1f %% of its samples stand in runs at full scale%@; it was recorded or mastered too loud",
              statistics.clippedShare * 100, figures.map(clippingPlaces) ?? "")))
      }
    }
    return Inspection(
      path: path, bytes: bytes, format: format, codec: evidence.codec, sampleRate: evidence.sampleRate,
      channels: evidence.channels, duration: duration, audioBytes: evidence.audioBytes,
      integrity: Inspection.Integrity(
        checked: evidence.isFull ? .full : .structure,
        damaged: isDamaged, problems: evidence.problems + [figures?.offsetRemark].compactMap { $0 },
        damage: evidence.damage.sorted { $0.start < $1.start },
        skipped: evidence.skipped, musicCRC: evidence.musicCRC),
      signal: figures, loudness: evidence.loudness,
      verdict: !fatal.isEmpty ? .rejected : mendable.isEmpty ? .ready : .preparable,
      reasons: fatal + mendable + remarks, encoding: evidence.encoding, peak: evidence.statistics?.peak,
      audioRange: evidence.audioRange, waveFormat: evidence.waveFormat, frames: evidence.frames)
  }

  /// The record of a file that could not be looked at.
  static func failed(_ error: AudioFileError, bytes: Int?, content: SniffedContent?) -> Inspection {
    let code: Code =
      switch error.code {
      case .notAudio, .empty: .notAudio
      case .unsupportedFormat: .unsupportedFormat
      case .corrupt: .corrupt
      case .truncated: .truncated
      case .missing, .isFolder, .notRegular, .notPermitted, .io, .diskFull, .cancelled: .unreadable
      }
    let damaged = code == .corrupt || code == .truncated
    return Inspection(
      path: error.path, bytes: bytes, format: content?.format ?? .unknown, codec: content?.codec ?? "unknown",
      sampleRate: nil, channels: nil, duration: nil, audioBytes: nil,
      integrity: Inspection.Integrity(
        checked: .structure, damaged: damaged, problems: damaged ? [error.message] : [], damage: [],
        skipped: []),
      verdict: .rejected, reasons: [Inspection.Reason(code: code, message: error.message)],
      failure: damaged ? nil : error.code)
  }

  private static func duration(of evidence: Evidence) -> Inspection.Duration? {
    guard let rate = evidence.sampleRate, rate > 0, let frames = evidence.decodedFrames ?? evidence.countedFrames,
      frames > 0
    else { return nil }
    let decoded = evidence.decodedFrames.map { Double($0) / Double(rate) }
    let counted = evidence.countedSeconds ?? evidence.countedFrames.map { Double($0) / Double(rate) }
    guard let seconds = evidence.countedSeconds ?? decoded ?? counted else { return nil }
    return Inspection.Duration(
      seconds: seconds, frames: frames, basis: decoded != nil ? .decoded : .counted,
      declaredSeconds: evidence.declaredSeconds, countedSeconds: counted, decodedSeconds: decoded)
  }

  private static func figures(of evidence: Evidence) -> Inspection.SignalFigures? {
    guard let statistics = evidence.statistics, let rate = evidence.sampleRate else { return nil }
    return Inspection.SignalFigures(statistics, sampleRate: rate)
  }

  private static func clippingPlaces(_ figures: Inspection.SignalFigures) -> String {
    guard let first = figures.firstClipping, let longest = figures.longestClipping else { return "" }
    let length = String(format: "%.1f ms", (longest.end - longest.start) * 1000)
    return
      ", \(figures.clippedRuns) of them, the first at \(describe(seconds: first.start)), the longest of \(length) at "
      + describe(seconds: longest.start)
  }

  private static func lie(_ duration: Inspection.Duration) -> String? {
    guard let declared = duration.declaredSeconds, abs(declared - duration.seconds) > lieTolerance else { return nil }
    return "its header claims \(describe(seconds: declared)); "
      + "\(describe(seconds: duration.seconds)) are there (\(duration.basis.rawValue))"
  }

  private static func sizes(_ bytes: Int, _ limit: Int) -> String {
    let (a, b) = (describe(bytes: bytes), describe(bytes: limit))
    return a == b ? "\(bytes) bytes are over the service's \(limit)" : "\(a) is over the service's \(b)"
  }
}
