internal import Foundation
internal import GRDB
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The persistent jobs, in SQLite: `$XDG_STATE_HOME/reprise/jobs.sqlite`, readable by its owner only.
///
/// Every change is on the disk (`synchronous=FULL`) when the call returns. Several processes may use one ledger.
public struct Ledger: Sendable {
  let database: DatabasePool
  /// Path of the database.
  package let path: String

  /// Opens the ledger, creating it if there is none.
  ///
  /// - Throws: `LedgerError.unusable` with the directory's path if it cannot be created or written.
  package init(path: String) throws(LedgerError) {
    self.path = path
    let directory = PathText.directory(of: path)
    do {
      try Directories.make(directory, mode: 0o700)
      // Two processes that open a new ledger at the same moment would both create its table.
      let lock = try FileLock(path: path + ".lock")
      // SQLite gives its -wal and -shm files the mode of the database itself.
      // An existing file is not opened here: closing it would drop every lock this process has on the database.
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 || errno == EEXIST else { throw FileError(errno: errno, path: path, doing: "create") }
      if descriptor >= 0 { close(descriptor) }
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
      }
      database = try DatabasePool(path: path, configuration: configuration)
      if try database.read(LedgerSchema.migrator.hasBeenSuperseded) {
        throw LedgerError(.newerLedger(path: path))
      }
      try LedgerSchema.migrator.migrate(database)
      lock.release()
      try Rescue(ledger: path).restore(into: database)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(.unusable(path: path, Self.fault(error)))
    }
  }

  /// Saves a job; the job is on the disk when this method returns.
  ///
  /// The caller must hold the job (`JobClaim`).
  package func save(_ job: Job) async throws(LedgerError) {
    try await perform { try JobRow(job: job).write($0) }
  }

  /// Saves a job on a thread that may block.
  func saveNow(_ job: Job) throws(LedgerError) {
    do {
      try database.write { try JobRow(job: job).write($0) }
    } catch {
      throw unusable(error)
    }
  }

  /// Saves a job that may be paid for.
  ///
  /// The method tries for a while if the ledger is busy or the disk is full, and then writes the job to a file of its
  /// own beside the ledger, which is imported when the ledger is next opened.
  ///
  /// - Throws: `LedgerError.unwritten`, whose message contains all that is needed to continue by hand.
  package func keep(_ job: Job, patience: Duration = .seconds(60)) async throws(LedgerError) {
    let deadline = ContinuousClock.now + patience
    while true {
      do {
        return try await save(job)
      } catch {
        if ContinuousClock.now < deadline {
          // A task of its own, so that a cancelled caller still waits.
          await Task { try? await Task.sleep(for: .seconds(1)) }.value
          continue
        }
        if (try? Rescue(ledger: path).put(job)) != nil { return }
        throw LedgerError(.unwritten(job: job.job, service: job.service, id: job.id, error))
      }
    }
  }

  /// Returns all jobs, newest first.
  public func jobs() async throws(LedgerError) -> [Job] {
    try await perform { try JobRow.order(sql: "created DESC, job").fetchAll($0).map(\.job) }
  }

  /// Returns the job with a name, or the only one whose name or generation id begins with it.
  ///
  /// - Throws: `LedgerError.noSuchJob`, `.severalJobs` or `.unusable`.
  public func job(named name: String) async throws(LedgerError) -> Job {
    let found = try await jobs().filter { $0.job == name || $0.id == name }
    if let exact = found.first { return exact }
    let near = try await jobs().filter { !name.isEmpty && ($0.job.hasPrefix(name) || $0.job.hasPrefix("rp-" + name)) }
    guard let only = near.first else {
      throw LedgerError(.noSuchJob(name, path: path))
    }
    guard near.count == 1 else {
      throw LedgerError(.severalJobs(name, fits: near.map(\.job)))
    }
    return only
  }

  /// Returns the fault of the database for an error: for SQLite its own message, without the statement and its values.
  private static func fault(_ error: any Error) -> LedgerError.Fault {
    guard let error = error as? DatabaseError else { return LedgerError.Fault(.other, text: "\(error)", error) }
    let kind: LedgerError.Fault.Kind =
      switch error.resultCode {
      case .SQLITE_FULL: .full
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
      default: .other
      }
    let text = "\(error.message ?? "no reason given"), SQLite error \(error.resultCode.rawValue)"
    return LedgerError.Fault(kind, text: text, error)
  }

  private func unusable(_ error: any Error) -> LedgerError {
    error as? LedgerError ?? LedgerError(.unusable(path: path, Self.fault(error)))
  }

  func perform<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    do {
      // A task of its own: an event that has happened is saved even while the caller is being cancelled.
      return try await Task { [database] in try await database.write(work) }.value
    } catch {
      throw unusable(error)
    }
  }
}
