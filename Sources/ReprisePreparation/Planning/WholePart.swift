import RepriseAudio

/// A part of a damaged recording that is itself whole.
enum WholePart {
  /// Number of damaged stretches from which on an inspection may not report all of them.
  private static let most = 100

  /// Distance from damage, in seconds, that a part of an mp3 keeps: its first frames are decoded with those before.
  private static let margin = 0.06

  /// Returns `true` if a recording was rejected only for damage in known places, of which the requested part has none.
  ///
  /// - Parameters:
  ///   - inspection: The inspection of the recording.
  ///   - options: The requested part.
  /// - Returns: `true` if the part can be taken.
  static func isRequested(_ inspection: Inspection, _ options: PreparationOptions) -> Bool {
    guard inspection.verdict == .rejected || inspection.isSeveral, options.start != nil || options.end != nil,
      inspection.failure == nil, inspection.integrity.damage.count < most,
      inspection.reasons.allSatisfy(isSurmountable)
    else { return false }
    if options.end == nil, inspection.reasons.contains(where: { $0.finding.concernsEnd }) { return false }
    let part = (options.start ?? 0)...(max(options.end ?? .infinity, options.start ?? 0))
    return !isDamaged(inspection, part)
  }

  /// Returns `true` if a stretch, in seconds, holds damage that an inspection found.
  static func isDamaged(_ inspection: Inspection, _ part: ClosedRange<Double>) -> Bool {
    let margin = inspection.format == .mp3 ? margin : 0
    // A time in seconds may be off by half a frame.
    let half = 0.5 / Double(max(inspection.sampleRate ?? 1, 1))
    return inspection.integrity.damage.contains {
      $0.end + margin > part.lowerBound + half && $0.start < part.upperBound - half
    }
  }

  private static func isSurmountable(_ reason: Inspection.Reason) -> Bool {
    switch reason.code {
    case .truncated, .corrupt: reason.finding.isLocated
    case .notPortable, .headerLies, .boundaryRisk, .clipped, .tooLong, .tooLarge: true
    case .unsupportedFormat: if case .formatNotAccepted = reason.finding { true } else { false }
    case .tooShort, .notAudio, .silent, .unreadable: false
    }
  }
}
