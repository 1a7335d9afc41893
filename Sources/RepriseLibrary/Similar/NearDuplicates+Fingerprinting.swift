internal import Foundation
internal import GRDB
internal import RepriseSystem

extension NearDuplicates {
  /// A file that needs a fingerprint.
  private struct Candidate: Sendable, FetchableRecord {
    let id: Int64
    let path: RawPath
    let stamp: FileStamp
    let seconds: Double?

    init(row: Row) {
      id = row["id"]
      path = RawPath(row, "path")
      stamp = FileStamp(row)
      seconds = row["seconds"]
    }
  }

  /// Makes the fingerprints that are not known yet; blocks.
  ///
  /// - Parameters:
  ///   - width: Number of files that are fingerprinted at once.
  ///   - session: The session that has fingerprints of earlier scans, and keeps new ones.
  ///   - progress: The progress, which is updated.
  ///   - check: A closure that is called for every file and while waiting, and throws to stop.
  /// - Throws: `DatabaseError` if the temporary database fails, `ScanError`, the errors that `check` throws.
  func fingerprint(
    width: Int, session: CacheSession, progress: ScanProgress, check: @escaping @Sendable () throws -> Void
  ) throws {
    let total = try database.write { database in
      // A second name (hard link) of a file is not a second file.
      try database.execute(
        sql: "CREATE TABLE wanted AS SELECT min(id) AS id FROM files WHERE isTwin = 0 GROUP BY device, number")
      try database.execute(sql: "CREATE UNIQUE INDEX wantedById ON wanted (id)")
      return try Int.fetchOne(database, sql: "SELECT count(*) FROM wanted") ?? 0
    }
    progress.update { $0.toFingerprint = total }
    let queue = Monitor((waiting: [Candidate](), last: Int64(0), failure: (any Error)?.none))
    let values = CarriedValues.current
    DispatchQueue.concurrentPerform(iterations: max(1, min(width, total))) { _ in
      // The processes that are started have the environment of the calling task.
      values.bind {
        do {
          while let candidate = try queue.withLock({ queue -> Candidate? in
            guard queue.failure == nil else { return nil }
            if queue.waiting.isEmpty {
              queue.waiting = try page(after: queue.last).reversed()
              queue.last = queue.waiting.first?.id ?? queue.last
            }
            return queue.waiting.popLast()
          }) {
            try check()
            try take(candidate, session: session, check: check)
            progress.update { $0.fingerprinted += 1 }
          }
        } catch {
          queue.withLock { if $0.failure == nil { $0.failure = error } }
        }
      }
    }
    if let failure = queue.withLock({ $0.failure }) { throw failure }
  }

  private func page(after id: Int64) throws -> [Candidate] {
    try database.read { database in
      try Candidate.fetchAll(
        try database.cachedStatement(
          sql: """
            SELECT id, path, device, number, size, modified, changed, seconds FROM wanted JOIN files USING (id)
            WHERE id > ? ORDER BY id LIMIT 256
            """), arguments: [id])
    }
  }

  private func take(_ candidate: Candidate, session: CacheSession, check: () throws -> Void) throws {
    let (path, stamp) = (candidate.path, candidate.stamp)
    do {
      let print: Fingerprint
      if let known = session.print(of: path, stamp: stamp, tool: tool.version) {
        print = known
      } else {
        let seen = Int64(Date().timeIntervalSince1970 * 1e9)
        guard FileStamp(at: path) == stamp else { throw Fingerprinter.Failure.changed }
        print = try tool.print(of: path, check: check)
        guard FileStamp(at: path) == stamp else { throw Fingerprinter.Failure.changed }
        session.keep(print, of: path, stamp: stamp, seen: seen, tool: tool.version)
      }
      try index.add(print, seconds: candidate.seconds, id: candidate.id)
    } catch let failure as Fingerprinter.Failure {
      try lose(candidate.id, failure)
    }
  }
}
