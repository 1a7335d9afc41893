package import RepriseVerification

/// The record `reprise.verification.v1`: one line of `verify --json`.
package struct VerificationRecord: Encodable {
  /// A single check.
  package struct Check: Encodable {
    package let name: String
    package let value: String
    package let verdict: String

    package init(_ check: VerificationReport.Check) {
      name = check.name
      value = VerificationText.value(check.finding)
      verdict = check.verdict.rawValue
    }
  }

  package let schema = "reprise.verification.v1"
  package let path: String
  package let verdict: String
  package let checks: [Check]
  package let likeness: LikenessRecord?
  /// The reason why there is no likeness.
  package let reason: String?

  private enum CodingKeys: String, CodingKey { case schema, path, verdict, checks, likeness, reason }

  package init(path: String, report: VerificationReport) {
    likeness = report.comparison.likeness.map(LikenessRecord.init)
    reason = report.comparison.obstacle.map(LikenessText.reason)
    self.path = path
    verdict = report.verdict.rawValue
    checks = report.checks.map(Check.init)
  }

  /// Encodes the record, with `null` for the likeness of what was not compared.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(schema, forKey: .schema)
    try fields.encode(path, forKey: .path)
    try fields.encode(verdict, forKey: .verdict)
    try fields.encode(checks, forKey: .checks)
    try fields.encode(likeness, forKey: .likeness)
    try fields.encodeIfPresent(reason, forKey: .reason)
  }
}
