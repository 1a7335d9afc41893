public import RepriseAudio

/// What the check of a result found: every number, and what to make of it.
public struct VerificationReport: Sendable, Equatable {
  /// How a check ended. The worst of them is the report's own.
  public enum Verdict: String, Sendable, Codable, Comparable {
    /// As it should be.
    case pass
    /// Unusual; listen before you rely on it.
    case warn
    /// Not what was paid for.
    case fail

    private var rank: Int {
      switch self {
      case .pass: 0
      case .warn: 1
      case .fail: 2
      }
    }

    /// pass < warn < fail.
    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
  }

  /// What a check found, with its numbers.
  public enum Finding: Sendable, Equatable {
    /// The file has so many bytes, and so many were expected.
    case bytes(Int, expected: Int)
    /// All of it decodes, to so many seconds and frames.
    case decoded(seconds: Double, frames: Int)
    /// It does not decode in full.
    case undecodable(Fault)
    /// Its container, and the one expected.
    ///
    /// `wasAsked` tells whether it was asked for, or is the service's default.
    case format(FileFormat, expected: Expectation.Container, wasAsked: Bool)
    /// Its sample rate and the one expected, in Hz.
    case sampleRate(Int, expected: Int, wasAsked: Bool)
    /// So many samples are not numbers.
    case invalidSamples(Int)
    /// Its integrated loudness (EBU R 128), in LUFS; −∞ under the meter's absolute gate.
    case loudness(Double)
    /// Its true peak, in dBTP; −∞ for none.
    case truePeak(Double)
    /// The share of samples in runs at full scale, 0…1.
    case clipping(Double)
    /// The share of silent 100 ms frames, and the reference's own, 0…1.
    case silence(Double, reference: Double?)
    /// Its length and the reference's, in seconds.
    case duration(Double, reference: Double)
    /// The correlation of its timbre with the reference's, −1…1; near 1 it is the reference itself.
    case likeness(Double)

    /// Why a result does not decode in full.
    public enum Fault: Sendable, Equatable {
      /// The reason for which its inspection rejects it.
      case rejected(Inspection.Reason, path: String)
      /// What its inspection found damaged.
      case damaged(RepriseAudio.Finding, path: String)
      /// It is damaged, and nothing tells where.
      case unknown
      /// What its decoder said.
      case decoder(AudioFileError)
    }

    /// The name of the check, such as `loudness`.
    public var check: String {
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
      case .likeness: "not-the-input"
      }
    }
  }

  /// One thing that was looked at.
  public struct Check: Sendable, Equatable {
    /// What was found.
    public let finding: Finding
    /// What to make of it.
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
  public let seconds: Double?

  package init(checks: [Check], seconds: Double? = nil) {
    self.checks = checks
    self.seconds = seconds
    verdict = checks.map(\.verdict).max() ?? .pass
  }

  /// A report of findings, each judged by its thresholds.
  package init(_ findings: [Finding], seconds: Double? = nil, thresholds: VerificationThresholds = .init()) {
    self.init(checks: findings.map { Check($0, thresholds.verdict(of: $0)) }, seconds: seconds)
  }
}
