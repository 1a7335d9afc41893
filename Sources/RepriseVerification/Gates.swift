internal import RepriseAudio
internal import Foundation
internal import RepriseSignal

/// The bounds between pass, warn and fail, each a pure function of what was measured.
enum Gates {
  typealias Check = VerificationReport.Check

  /// Fails or warns when a value is outside the wider or the narrower range.
  static func range(
    _ value: Double, pass: ClosedRange<Double>, warn: ClosedRange<Double>
  ) -> VerificationReport.Verdict {
    if pass.contains(value) { return .pass }
    return warn.contains(value) ? .warn : .fail
  }

  /// Fails or warns when a value is over a bound.
  static func atMost(_ value: Double, pass: Double, warn: Double) -> VerificationReport.Verdict {
    value <= pass ? .pass : value <= warn ? .warn : .fail
  }

  /// The container and the sample rate that were asked for.
  static func container(_ measured: Measurement, _ expectation: Expectation) -> [Check] {
    // A service's default is a habit, not a promise: another format than that is odd, not wrong.
    let otherwise: VerificationReport.Verdict = expectation.wasAsked ? .fail : .warn
    var checks: [Check] = []
    if let wanted = expectation.container, wanted != .pcm {
      let found = measured.container.rawValue
      checks.append(Check("format", "\(found), asked \(wanted.rawValue)", found == wanted.rawValue ? .pass : otherwise))
    }
    if let wanted = expectation.sampleRate, expectation.container != .pcm {
      let found = measured.sampleRate
      checks.append(Check("sample-rate", "\(found) Hz, asked \(wanted) Hz", found == wanted ? .pass : otherwise))
    }
    return checks
  }

  /// Loudness by EBU R 128 and the share of clipped samples.
  static func loudness(_ measured: Measurement) -> [Check] {
    var checks: [Check] = []
    if measured.levels.invalidSamples > 0 {
      checks.append(Check("samples", "\(measured.levels.invalidSamples) are not numbers", .fail))
    }
    if let loudness = measured.loudness {
      let value = loudness.integrated
      let words = value.isFinite ? String(format: "%.1f LUFS", value) : "below -70 LUFS"
      checks.append(
        Check("loudness", words, range(value.isFinite ? value : -70, pass: -20 ... -9, warn: -35 ... -5)))
      let peak = loudness.truePeak
      checks.append(
        Check("true-peak", peak.isFinite ? String(format: "%.1f dBTP", peak) : "none", peak > 0.5 ? .warn : .pass))
    }
    let share = measured.levels.clippedShare
    checks.append(
      Check("clipping", String(format: "%.3f %% of samples", share * 100), atMost(share, pass: 0.001, warn: 0.01)))
    return checks
  }

  /// The share of silent 100 ms frames, beyond the reference's own where there is one.
  static func silence(_ measured: Measurement, reference: Measurement?) -> Check {
    let share = measured.levels.silentShare
    let beyond = max(0, share - (reference?.levels.silentShare ?? 0))
    let words = String(format: "%.0f %%", share * 100)
    let detail = reference.map { String(format: ", reference %.0f %%", $0.levels.silentShare * 100) } ?? ""
    return Check("silence", words + detail, atMost(beyond, pass: 0.1, warn: 0.3))
  }

  /// The length against the reference's, and whether the reference itself has come back.
  static func likeness(_ measured: Measurement, _ reference: Measurement) -> [Check] {
    var checks: [Check] = []
    if reference.seconds > 0 {
      let ratio = measured.seconds / reference.seconds
      checks.append(
        Check(
          "duration-ratio", String(format: "%.2f (%.1f s / %.1f s)", ratio, measured.seconds, reference.seconds),
          range(ratio, pass: 0.8...1.25, warn: 0.67...1.5)))
    }
    if let ours = measured.timbre, let theirs = reference.timbre, let value = ours.correlation(with: theirs) {
      checks.append(
        Check(
          "not-the-input", String(format: "timbre correlation %.2f", value), atMost(value, pass: 0.7, warn: 0.85)))
    }
    return checks
  }
}
