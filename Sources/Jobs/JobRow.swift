internal import Foundation
internal import GRDB

/// A job as GRDB sees it, so that GRDB's types stay inside this module.
struct JobRow: Codable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "jobs"
  var job: Job

  init(job: Job) { self.job = job }
  init(from decoder: any Decoder) throws { job = try Job(from: decoder) }
  func encode(to encoder: any Encoder) throws { try job.encode(to: encoder) }

  /// Inserts or replaces the row.
  func write(_ database: Database) throws {
    var row = self
    row.job.updated = Date()
    try row.save(database)
  }
}
