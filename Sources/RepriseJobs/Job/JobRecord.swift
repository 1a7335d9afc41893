internal import Foundation

/// `reprise.job.v1`: one line of `jobs --json`.
package struct JobRecord: Sendable, Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, job, id, state, service, input, output, created, credits, usd
  }

  private let job: Job

  /// Creates the record of a job.
  package init(_ job: Job) { self.job = job }

  /// Encodes the fields of the contract; `created` is ISO 8601 in UTC, unknown values are null.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.job.v1", forKey: .schema)
    try fields.encode(job.job, forKey: .job)
    try fields.encode(job.id, forKey: .id)
    try fields.encode(job.state, forKey: .state)
    try fields.encode(job.service, forKey: .service)
    try fields.encode(job.input, forKey: .input)
    try fields.encode(job.output, forKey: .output)
    try fields.encode(job.created.ISO8601Format(), forKey: .created)
    try fields.encode(job.credits, forKey: .credits)
    try fields.encode(job.reportedCharge?.usd, forKey: .usd)
  }
}
