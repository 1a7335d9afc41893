package import RepriseAudio

/// What the check of a result found: every number, and what to make of it.
public struct VerificationReport: Sendable, Equatable, Codable {
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

  /// One thing that was looked at.
  public struct Check: Sendable, Equatable, Codable {
    /// A short name, such as `loudness`.
    public let name: String
    /// The number or word found, with its unit.
    public package(set) var value: String
    /// What to make of it.
    public let verdict: Verdict
    /// What an inspection found, for a check that failed by it; not part of the record.
    package var finding: Finding?

    private enum CodingKeys: String, CodingKey { case name, value, verdict }

    /// A finding.
    public init(_ name: String, _ value: String, _ verdict: Verdict) {
      self.name = name
      self.value = value
      self.verdict = verdict
    }

    /// Creates a failed check of what an inspection found.
    package init(_ name: String, _ finding: Finding) {
      self.init(name, finding.description, .fail)
      self.finding = finding
    }
  }

  /// The worst verdict of all checks.
  public let verdict: Verdict
  /// The checks in the order they were made.
  public package(set) var checks: [Check]
  /// The result's decoded length in seconds; nil where it could not be decoded.
  public let seconds: Double?

  /// A report of these findings.
  public init(checks: [Check], seconds: Double? = nil) {
    self.checks = checks
    self.seconds = seconds
    verdict = checks.map(\.verdict).max() ?? .pass
  }
}
