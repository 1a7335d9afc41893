internal import RepriseService
internal import Foundation
internal import GRDB

/// The representation of a job for GRDB, so that GRDB's types stay inside this module.
struct JobRow: FetchableRecord, PersistableRecord {
  static let databaseTableName = "jobs"
  var job: Job

  init(job: Job) { self.job = job }

  /// Decodes a row.
  ///
  /// A row that this version cannot decode, since a newer one wrote it, becomes a job in state `unknown`, so that it
  /// hides no other.
  init(row: Row) throws {
    do { job = try Readable(row: row).job } catch { job = Self.unreadable(row) }
  }

  func encode(to container: inout PersistenceContainer) throws {
    try Readable(job: job.withoutKeys).encode(to: &container)
  }

  /// Inserts or replaces the row.
  ///
  /// - Throws: `LedgerError` for a job that this version could not decode.
  func write(_ database: Database) throws {
    guard job.state != .unknown else {
      throw LedgerError(.newerJob(job.job))
    }
    var row = self
    row.job.updated = Date()
    try row.save(database)
  }

  /// Returns a job with the columns that exist in every version.
  private static func unreadable(_ row: Row) -> Job {
    func text(_ name: String) -> String { (row[name] as DatabaseValue?).flatMap { String.fromDatabaseValue($0) } ?? "" }
    func date(_ name: String) -> Date {
      (row[name] as DatabaseValue?).flatMap { Date.fromDatabaseValue($0) } ?? Date(timeIntervalSince1970: 0)
    }
    var job = Job(
      name: text("job"), service: text("service"), baseURL: text("baseURL"), model: text("model"), input: text("input"),
      inputStart: 0, inputEnd: 0, output: text("output"), setting: Contract.AudioSetting(), settingWasAsked: false,
      audio: Job.Audio(path: text("audio"), format: text("audioFormat"), hash: text("audioHash")),
      fingerprint: text("fingerprint"), now: date("created"))
    job.state = .unknown
    let id = text("id")
    job.id = id.isEmpty ? nil : id
    job.updated = date("updated")
    job.message = "written by a newer reprise"
    return job
  }

  /// The row in the coding of `Job`.
  private struct Readable: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = JobRow.databaseTableName
    var job: Job

    init(job: Job) { self.job = job }
    init(from decoder: any Decoder) throws { job = try Job(from: decoder) }
    func encode(to encoder: any Encoder) throws { try job.encode(to: encoder) }
  }
}
