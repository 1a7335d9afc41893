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

  /// The job that makes buying `job` a second purchase of the same: one that goes on, or the newest that has a result.
  private static func same(as job: Job, _ database: Database) throws -> Job? {
    let states = Job.State.allCases.filter { $0.isOpen || $0 == .verified }.map(\.rawValue)
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    // What goes on comes before what is done.
    return try JobRow.fetchAll(
      database,
      sql: """
        SELECT * FROM jobs WHERE fingerprint = ? AND job <> ? AND state IN (\(marks))
        ORDER BY state = 'verified', created DESC
        """, arguments: StatementArguments([job.fingerprint, job.job] + states)
    ).first?.job
  }

  /// The newest job that a row of a manifest, or a file of a run, has had.
  ///
  /// - Parameters:
  ///   - request: `Job.request`.
  ///   - batch: `Job.batch`.
  public func job(request: String, batch: String) async throws(LedgerError) -> Job? {
    try await perform { database in
      try JobRow.fetchOne(
        database, sql: "SELECT * FROM jobs WHERE request = ? AND batch = ? ORDER BY created DESC, job LIMIT 1",
        arguments: [request, batch])?.job
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

  /// All jobs in which something is left to be done, oldest first.
  public func openJobs() async throws(LedgerError) -> [Job] {
    let states = Job.State.allCases.filter(\.isOpen).map(\.rawValue)
    return try await perform { database in
      try JobRow.filter(states.contains(Column("state"))).order(sql: "created, job").fetchAll(database).map(\.job)
    }
  }
}
