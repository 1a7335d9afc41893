internal import RepriseService
package import Foundation
internal import GRDB

extension Ledger {
  /// The outcome of a request for a new purchase.
  package enum Purchase: Sendable {
    /// The job is in the ledger; there is no equal purchase.
    case begun(Job)
    /// An equal purchase was made before, or is under way.
    case had(Job)
  }

  /// Adds a new job unless the same purchase is under way or has a result.
  ///
  /// The search and the write are one transaction, so that only one of two processes begins.
  ///
  /// - Parameters:
  ///   - job: The new job.
  ///   - again: `true` to buy the cover even if the same purchase exists.
  /// - Returns: The new or existing job.
  /// - Throws: `LedgerError`.
  package func begin(_ job: Job, again: Bool) async throws(LedgerError) -> Purchase {
    try await perform { database in
      if !again, let had = try Self.same(as: job, database) { return .had(had) }
      try JobRow(job: job).write(database)
      return .begun(job)
    }
  }

  /// Returns the job that makes a purchase of `job` a duplicate, if there is one.
  func same(as job: Job) async throws(LedgerError) -> Job? { try await perform { try Self.same(as: job, $0) } }

  /// Returns the job that makes a purchase of `job` a duplicate: one under way, or the newest that has a result.
  private static func same(as job: Job, _ database: Database) throws -> Job? {
    // A result that seems to be gone was paid for all the same: the decision to buy another is the user's.
    let states = Job.State.allCases.filter { $0.isOpen || $0 == .verified || $0 == .expired }.map(\.rawValue)
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    // A job under way comes before a finished one.
    return try JobRow.fetchAll(
      database,
      sql: """
        SELECT * FROM jobs WHERE fingerprint = ? AND job <> ? AND state IN (\(marks))
        ORDER BY state = 'expired', state = 'verified', created DESC
        """, arguments: StatementArguments([job.fingerprint, job.job] + states)
    ).first?.job
  }

  /// Returns the newest job of a manifest row, or of a file of a run.
  ///
  /// - Parameter request: Value of `Job.request`.
  /// - Returns: The job, or nil.
  /// - Throws: `LedgerError`.
  package func job(request: String) async throws(LedgerError) -> Job? {
    try await perform { database in
      try JobRow.fetchOne(
        database, sql: "SELECT * FROM jobs WHERE request = ? ORDER BY created DESC, job LIMIT 1", arguments: [request]
      )?.job
    }
  }

  /// Records an id, known to the user, of a job whose id could not be saved in the ledger.
  ///
  /// - Returns: The changed job.
  /// - Throws: `LedgerError.unusable` if the job has another id, or nothing is left to be found out about it.
  package func setID(_ id: String, of job: Job) async throws(LedgerError) -> Job {
    var known = job
    guard job.id == nil || job.id == id, job.state == .submitting || job.state == .ambiguous || job.id == id else {
      throw LedgerError(.noOtherID(job: job.job, state: job.state, id: job.id))
    }
    if job.id == nil {
      _ = known.take(.accepted(JobEvent.Acceptance(id: id, status: .queued)))
      try await save(known)
    }
    return known
  }

  /// Returns `true` if a file is the output of a job, finished or not.
  package func knows(output: String) async throws(LedgerError) -> Bool {
    try await perform { database in
      try JobRow.filter(Column("output") == output).fetchCount(database) > 0
    }
  }

  /// Returns `true` if the content of a file is a job's cover.
  package func knows(resultHash: String) async throws(LedgerError) -> Bool {
    try await perform { database in
      try JobRow.filter(Column("resultHash") == resultHash).fetchCount(database) > 0
    }
  }

  /// Returns the names that are names of jobs.
  func known(_ names: [String]) async throws(LedgerError) -> Set<String> {
    try await perform { database in
      try Set(names.filter { try JobRow.exists(database, key: $0) })
    }
  }

  /// Returns all jobs of a manifest or of a run of several files.
  package func jobs(batch: String) async throws(LedgerError) -> [Job] {
    try await perform { database in
      try JobRow.fetchAll(
        database, sql: "SELECT * FROM jobs WHERE batch = ? ORDER BY created, job", arguments: [batch]
      ).map(\.job)
    }
  }

  /// Returns all open jobs, oldest first.
  ///
  /// Jobs whose result seemed to be gone are included for as long as the service keeps such results.
  package func openJobs(now: Date = Date()) async throws(LedgerError) -> [Job] {
    let states = (Job.State.allCases.filter(\.isOpen) + [.expired]).map(\.rawValue)
    return try await perform { database in
      try JobRow.filter(states.contains(Column("state"))).order(sql: "created, job").fetchAll(database).map(\.job)
        .filter { $0.state == .expired ? $0.isWorthAsking(at: now) : $0.state.isOpen }
    }
  }
}
