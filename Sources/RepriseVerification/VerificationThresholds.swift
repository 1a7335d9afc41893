internal import RepriseAudio

/// The bounds between pass, warn and fail.
///
/// They separate 28 covers from damaged controls (docs/measurements.md, November 2026). Those of a comparison with the
/// reference are `LikenessThresholds`.
package struct VerificationThresholds: Sendable, Equatable {
  /// A range of normal values within a range of unusual ones; values outside both fail.
  package struct Band: Sendable, Equatable {
    /// The values that pass.
    package var pass: ClosedRange<Double>
    /// The values that warn, where they do not pass.
    package var warn: ClosedRange<Double>

    package init(pass: ClosedRange<Double>, warn: ClosedRange<Double>) {
      self.pass = pass
      self.warn = warn
    }

    /// Returns the verdict on a value.
    package func verdict(of value: Double) -> VerificationReport.Verdict {
      pass.contains(value) ? .pass : warn.contains(value) ? .warn : .fail
    }
  }

  /// An upper bound of normal values and one of unusual ones; values over both fail.
  package struct Ceiling: Sendable, Equatable {
    /// The largest value that passes.
    package var pass: Double
    /// The largest value that warns.
    package var warn: Double

    package init(pass: Double, warn: Double) {
      self.pass = pass
      self.warn = warn
    }

    /// Returns the verdict on a value.
    package func verdict(of value: Double) -> VerificationReport.Verdict {
      value <= pass ? .pass : value <= warn ? .warn : .fail
    }
  }

  /// Bounds of the integrated loudness (EBU R 128), in LUFS.
  package var loudness = Band(pass: -20 ... -9, warn: -35 ... -5)
  /// Value that stands for loudness under the meter's absolute gate, in LUFS.
  package var loudnessGate = -70.0
  /// The highest true peak that passes, in dBTP; a higher one warns.
  package var truePeak = 0.5
  /// Bounds of the share of samples in clipped runs, 0…1.
  package var clipping = Ceiling(pass: 0.001, warn: 0.01)
  /// Bounds of the share of silent 100 ms frames beyond the reference's own, 0…1.
  package var silence = Ceiling(pass: 0.1, warn: 0.3)
  /// Bounds of the ratio of the result's length to the reference's.
  package var durationRatio = Band(pass: 0.8...1.25, warn: 0.67...1.5)

  /// Creates the bounds that `verify` judges by.
  package init() {}

  /// Returns the verdict on a finding.
  package func verdict(of finding: VerificationReport.Finding) -> VerificationReport.Verdict {
    switch finding {
    case .bytes(let found, let expected): return found == expected ? .pass : .fail
    case .decoded: return .pass
    case .undecodable: return .fail
    // A service's default is not a promise: a different format is unusual, not wrong.
    case .format(let found, let expected, let wasAsked):
      return found.rawValue == expected.rawValue ? .pass : wasAsked ? .fail : .warn
    case .sampleRate(let found, let expected, let wasAsked):
      return found == expected ? .pass : wasAsked ? .fail : .warn
    case .invalidSamples: return .fail
    case .loudness(let value): return loudness.verdict(of: value.isFinite ? value : loudnessGate)
    case .truePeak(let value): return value > truePeak ? .warn : .pass
    case .clipping(let share): return clipping.verdict(of: share)
    case .silence(let share, let reference): return silence.verdict(of: max(0, share - (reference ?? 0)))
    case .duration(let seconds, let reference, let wanted):
      // A service that does not meet the request is warned of by the request's own check.
      return [reference, wanted].compactMap(\.self).map { durationRatio.verdict(of: seconds / $0) }.min() ?? .pass
    case .notCompared: return .warn
    case .music(let measure), .samePiece(let measure), .returned(let measure), .coverage(let measure),
      .melody(let measure), .harmony(let measure):
      return measure.verdict
    case .wish(let outcome): return outcome.verdict ?? .pass
    }
  }
}
