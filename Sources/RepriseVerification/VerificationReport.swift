package import RepriseAudio

/// The outcome of the check of a result: every number, and its verdict.
public struct VerificationReport: Sendable, Equatable {
  /// The outcome of a check.
  ///
  /// The report's own verdict is the worst of its checks'.
  public enum Verdict: String, Sendable, Codable, Comparable {
    /// The value is as it should be.
    case pass
    /// The value is unusual; listen to the result before you rely on it.
    case warn
    /// The result is not what was paid for.
    case fail

    private var rank: Int {
      switch self {
      case .pass: 0
      case .warn: 1
      case .fail: 2
      }
    }

    /// Orders verdicts by severity: pass < warn < fail.
    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
  }

  /// A finding of a check, with its numbers.
  package enum Finding: Sendable, Equatable {
    /// The file's size in bytes, and the expected size.
    case bytes(Int, expected: Int)
    /// All of the file decodes, to a number of seconds and frames.
    case decoded(seconds: Double, frames: Int)
    /// The file does not decode in full.
    case undecodable(Fault)
    /// The file's container, and the one expected.
    ///
    /// `wasAsked` is `true` if the container was asked for, `false` if it is the service's default.
    case format(FileFormat, expected: Expectation.Container, wasAsked: Bool)
    /// The file's sample rate and the one expected, in Hz.
    case sampleRate(Int, expected: Int, wasAsked: Bool)
    /// The number of samples that are NaN or infinite.
    case invalidSamples(Int)
    /// The integrated loudness (EBU R 128), in LUFS; −∞ under the meter's absolute gate.
    case loudness(Double)
    /// The true peak, in dBTP; −∞ for none.
    case truePeak(Double)
    /// The share of samples in runs at full scale, 0…1.
    case clipping(Double)
    /// The share of silent 100 ms frames, and the reference's own, 0…1.
    case silence(Double, reference: Double?)
    /// The length of the result and that of the reference, in seconds, and the length that follows from a requested
    /// tempo or duration; nil without one.
    case duration(Double, reference: Double, wanted: Double? = nil)
    /// The result is not compared with its reference, for a reason.
    case notCompared(Comparison.Obstacle)
    /// The probability that there is music in the result.
    case music(Likeness.Measure)
    /// The share of the shorter recording that recurs in the other, in order.
    case samePiece(Likeness.Measure)
    /// The agreement of the details of the result's sound with the reference's: near 1 the result is the reference.
    case returned(Likeness.Measure)
    /// The share of the reference that is played.
    case coverage(Likeness.Measure)
    /// The melody's agreement in pitch class.
    case melody(Likeness.Measure)
    /// The chords' agreement as triads.
    case harmony(Likeness.Measure)
    /// A request and what was found of it.
    case wish(Likeness.WishOutcome)

    /// The reason why a result does not decode in full.
    package enum Fault: Sendable, Equatable {
      /// The reason for which the result's inspection rejects it.
      case rejected(Inspection.Reason, path: String)
      /// The damage that the result's inspection found.
      case damaged(RepriseAudio.Finding, path: String)
      /// The result is damaged, at an unknown position.
      case unknown
      /// The error of the result's decoder.
      case decoder(AudioFileError)
    }

    /// The name of the check, such as `loudness`.
    package var check: String {
      switch self {
      case .bytes: "bytes"
      case .decoded, .undecodable: "decodes"
      case .format: "format"
      case .sampleRate: "sample-rate"
      case .invalidSamples: "samples"
      case .loudness: "loudness"
      case .truePeak: "true-peak"
      case .clipping: "clipping"
      case .silence: "silence"
      case .duration: "duration-ratio"
      case .notCompared: "likeness"
      case .music: "music"
      case .samePiece: "same-piece"
      case .returned: "not-the-input"
      case .coverage: "coverage"
      case .melody: "melody"
      case .harmony: "harmony"
      case .wish(let outcome): "wished-" + outcome.name
      }
    }
  }

  /// One check of a property.
  public struct Check: Sendable, Equatable {
    /// The check's finding.
    package let finding: Finding
    /// The check's verdict.
    public let verdict: Verdict
    /// A short name, such as `loudness`.
    public var name: String { finding.check }

    package init(_ finding: Finding, _ verdict: Verdict) {
      self.finding = finding
      self.verdict = verdict
    }
  }

  /// The worst verdict of all checks.
  public let verdict: Verdict
  /// The checks in the order they were made.
  public let checks: [Check]
  /// The result's decoded length in seconds; `nil` where it could not be decoded.
  package let seconds: Double?
  /// The comparison with the reference.
  package let comparison: Comparison

  package init(checks: [Check], seconds: Double? = nil, comparison: Comparison = .notCompared(.noReference)) {
    self.checks = checks
    self.seconds = seconds
    self.comparison = comparison
    verdict = checks.map(\.verdict).max() ?? .pass
  }

  /// Creates a report of findings, each judged by the thresholds.
  package init(
    _ findings: [Finding], seconds: Double? = nil, thresholds: VerificationThresholds = .init(),
    comparison: Comparison = .notCompared(.noReference)
  ) {
    self.init(
      checks: findings.map { Check($0, thresholds.verdict(of: $0)) }, seconds: seconds, comparison: comparison)
  }
}
