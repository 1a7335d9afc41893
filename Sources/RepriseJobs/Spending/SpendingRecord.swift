package import Foundation

/// `reprise.spending.v1`: the output of `jobs spent --json`.
package struct SpendingRecord: Sendable, Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, since, services, total
  }

  private struct SumsRecord: Encodable {
    let service: String?
    let jobs: Int
    let paidJobs: Int
    let credits: Double
    let usd: Double
    let estimatedJobs: Int
    let estimatedUSD: Double
    let unpricedJobs: Int

    init(_ service: String?, _ sums: Spending.Sums) {
      self.service = service
      jobs = sums.jobs
      paidJobs = sums.paidJobs
      credits = sums.credits
      usd = sums.usd.usd
      estimatedJobs = sums.estimatedJobs
      estimatedUSD = sums.estimated.usd
      unpricedJobs = sums.unpricedJobs
    }
  }

  private let spending: Spending
  private let since: Date?

  /// Creates the record of sums over the jobs begun since a moment, or over all.
  package init(_ spending: Spending, since: Date?) {
    self.spending = spending
    self.since = since
  }

  /// Encodes the fields of the contract; `since` is ISO 8601 in UTC, null for all.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.spending.v1", forKey: .schema)
    try fields.encode(since?.ISO8601Format(), forKey: .since)
    try fields.encode(spending.services.map { SumsRecord($0.service, $0.sums) }, forKey: .services)
    try fields.encode(SumsRecord(nil, spending.total), forKey: .total)
  }
}
