internal import RepriseService
public import Foundation
internal import GRDB

extension Ledger {
  /// What came of asking for a new purchase.
  public enum Purchase: Sendable {
    /// The job is in the ledger; nobody has the same.
    case begun(Job)
    /// The same was bought before, or is being bought.
    case had(Job)
  }

  /// Writes a new job down unless the same purchase is under way or has a result: looked up and written as one, so that of
  /// two processes only one begins.
  ///
  /// - Parameter again: whether it is to be bought again whatever there is.
  public func begin(_ job: Job, again: Bool) async throws(LedgerError) -> Purchase {
    try await perform { database in
      if !again, let had = try Self.same(as: job, database) { return .had(had) }
      try JobRow(job: job).write(database)
      return .begun(job)
    }
  }

  /// The job that makes buying another a second purchase of the same, if there is one.
  func same(as job: Job) async throws(LedgerError) -> Job? { try await perform { try Self.same(as: job, $0) } }

  /// The job that makes buying `job` a second purchase of the same: one that goes on, or the newest that has a result.
  private static func same(as job: Job, _ database: Database) throws -> Job? {
    // A result that seems to be gone was paid for all the same: buying another is the person's to say.
    let states = Job.State.allCases.filter { $0.isOpen || $0 == .verified || $0 == .expired }.map(\.rawValue)
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    // What goes on comes before what is done.
    return try JobRow.fetchAll(
      database,
      sql: """
        SELECT * FROM jobs WHERE fingerprint = ? AND job <> ? AND state IN (\(marks))
        ORDER BY state = 'expired', state = 'verified', created DESC
        """, arguments: StatementArguments([job.fingerprint, job.job] + states)
    ).first?.job
  }

  /// The newest job that a row of a manifest, or a file of a run, has had.
  ///
  /// - Parameter request: `Job.request`.
  public func job(request: String) async throws(LedgerError) -> Job? {
    try await perform { database in
      try JobRow.fetchOne(
        database, sql: "SELECT * FROM jobs WHERE request = ? ORDER BY created DESC, job LIMIT 1", arguments: [request]
      )?.job
    }
  }

  /// Writes down the id that a person knows of a job whose id the ledger could not take.
  ///
  /// - Returns: the job as it now is.
  /// - Throws: `LedgerError.unusable` where the job has another id, or nothing is left to be found out about it.
  public func setID(_ id: String, of job: Job) async throws(LedgerError) -> Job {
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

  /// Whether a job's cover has been put, or is to be put, into a file.
  public func knows(output: String) async throws(LedgerError) -> Bool {
    try await perform { database in
      try JobRow.filter(Column("output") == output).fetchCount(database) > 0
    }
  }

  /// Whether a file's content is a job's cover.
  public func knows(resultHash: String) async throws(LedgerError) -> Bool {
    try await perform { database in
      try JobRow.filter(Column("resultHash") == resultHash).fetchCount(database) > 0
    }
  }

  /// Which of these names are jobs' names.
  func known(_ names: [String]) async throws(LedgerError) -> Set<String> {
    try await perform { database in
      try Set(names.filter { try JobRow.exists(database, key: $0) })
    }
  }

  /// All jobs of a manifest or of a run of several files.
  public func jobs(batch: String) async throws(LedgerError) -> [Job] {
    try await perform { database in
      try JobRow.fetchAll(
        database, sql: "SELECT * FROM jobs WHERE batch = ? ORDER BY created, job", arguments: [batch]
      ).map(\.job)
    }
  }

  /// All jobs in which something is left to be done, oldest first; those whose result seemed to be gone for as long as such
  /// results are kept.
  public func openJobs(now: Date = Date()) async throws(LedgerError) -> [Job] {
    let states = (Job.State.allCases.filter(\.isOpen) + [.expired]).map(\.rawValue)
    return try await perform { database in
      try JobRow.filter(states.contains(Column("state"))).order(sql: "created, job").fetchAll(database).map(\.job)
        .filter { $0.state == .expired ? $0.isWorthAsking(at: now) : $0.state.isOpen }
    }
  }
}
