internal import RepriseAudio
internal import Foundation
internal import GRDB
internal import RepriseSystem

/// The files that hold the same audio, byte for byte, whatever their tags are.
///
/// Only files that agree in format, bytes of audio and frames are read for the comparison. Candidates wait in a
/// temporary database, of which SQLite keeps two megabytes in memory.
final class Duplicates: Sendable {
  /// A file whose audio is to be digested.
  private struct Candidate: Sendable, FetchableRecord {
    let id: Int64
    let path: RawPath
    let stamp: FileStamp
    let range: Range<Int>

    init(row: Row) {
      id = row["id"]
      path = RawPath(row, "path")
      stamp = FileStamp(row)
      range = (row["first"] as Int)..<(row["last"] as Int)
    }
  }

  private let database: DatabaseQueue

  init() throws {
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE files (
            id INTEGER PRIMARY KEY, path BLOB NOT NULL, format TEXT NOT NULL, audioBytes INTEGER NOT NULL,
            frames INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, device INTEGER NOT NULL,
            number INTEGER NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
            digest BLOB, row INTEGER NOT NULL)
          """)
    }
  }

  /// Adds files with audio, in the order of their paths.
  ///
  /// - Parameters:
  ///   - entries: The files.
  ///   - row: The number of files, with audio or without, before these.
  /// - Throws: `DatabaseError` if the temporary database fails.
  func add(_ entries: [ScanEntry], from row: Int) throws {
    try database.write { database in
      let statement = try database.cachedStatement(
        sql: "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)")
      for (offset, entry) in entries.enumerated() {
        let response = entry.response
        guard let stamp = entry.stamp, let audioBytes = response.audioBytes, let frames = response.frames,
          let range = response.audioRange, !range.isEmpty
        else { continue }
        try statement.execute(
          arguments: [
            Data(entry.path.bytes), response.format.rawValue + " " + response.sound, audioBytes, frames,
            range.lowerBound,
            range.upperBound,
            stamp.device, stamp.number, stamp.size, stamp.modified, stamp.changed, row + offset,
          ])
      }
    }
  }

  /// Reads the files that must be read to find those with the same audio; blocks.
  ///
  /// - Parameters:
  ///   - width: The number of files that are read at once.
  ///   - timeout: The maximum time for reading one file.
  ///   - session: The session that has digests of earlier scans, and keeps new ones.
  ///   - cancellation: A token that stops the comparison.
  /// - Returns: The number of files that took longer than `timeout`, and are in no group.
  /// - Throws: `DatabaseError` if the temporary database fails, `CancellationError`.
  func compare(width: Int, timeout: Duration, session: CacheSession, cancellation: Cancellation) throws -> Int {
    try database.write { database in
      try database.execute(sql: "CREATE INDEX alike ON files (format, audioBytes, frames)")
      // A second name (hard link) of a file is not a second file: one of the names is enough.
      try database.execute(
        sql: """
          CREATE TABLE wanted AS SELECT min(id) AS id FROM files WHERE (format, audioBytes, frames) IN
            (SELECT format, audioBytes, frames FROM files GROUP BY format, audioBytes, frames HAVING count(*) > 1)
          GROUP BY device, number
          """)
    }
    var last: Int64 = 0
    var late = 0
    while true {
      try cancellation.check()
      let candidates = try page(after: last)
      guard let end = candidates.last?.id else { break }
      last = end
      let (digests, lateOnes) = Self.digests(
        of: candidates, width: width, timeout: timeout, session: session, cancellation: cancellation)
      late += lateOnes
      try database.write { database in
        let statement = try database.cachedStatement(sql: "UPDATE files SET digest = ? WHERE id = ?")
        for (candidate, digest) in zip(candidates, digests) {
          guard let digest else { continue }
          try statement.execute(arguments: [Data(digest), candidate.id])
        }
      }
    }
    try database.write { database in
      try database.execute(
        sql: "CREATE INDEX same ON files (format, audioBytes, frames, digest, id) WHERE digest IS NOT NULL")
      try database.execute(
        sql: """
          CREATE TABLE groups AS SELECT min(id) AS first, format, audioBytes, frames, digest FROM files
          WHERE digest IS NOT NULL GROUP BY format, audioBytes, frames, digest HAVING count(*) > 1 ORDER BY first
          """)
    }
    return late
  }

  private func page(after id: Int64) throws -> [Candidate] {
    try database.read { database in
      try Candidate.fetchAll(
        try database.cachedStatement(
          sql: """
            SELECT id, path, device, number, size, modified, changed, first, last FROM wanted JOIN files USING (id)
            WHERE id > ? ORDER BY id LIMIT 256
            """), arguments: [id])
    }
  }

  /// The error for a file that takes too long to read.
  private struct Late: Error {}

  /// Returns the digests of some files' audio; `nil` for a file that has changed, or takes too long to read.
  private static func digests(
    of candidates: [Candidate], width: Int, timeout: Duration, session: CacheSession, cancellation: Cancellation
  ) -> (found: [[UInt8]?], late: Int) {
    let known = candidates.map { session.audioDigest(of: $0.path, stamp: $0.stamp) }
    let results = Monitor((digests: known, late: 0))
    let missing = candidates.indices.filter { known[$0] == nil }
    let chunks = min(width, missing.count)
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      for position in stride(from: chunk, to: missing.count, by: chunks) {
        let candidate = candidates[missing[position]]
        guard let file = try? RawFile(candidate.path), file.stamp == candidate.stamp else { continue }
        let began = SuspendingClock.now
        do {
          let digest = try file.digest(of: candidate.range) {
            try cancellation.check()
            if began.duration(to: .now) >= timeout { throw Late() }
          }
          results.withLock { $0.digests[missing[position]] = digest }
        } catch is Late {
          results.withLock { $0.late += 1 }
        } catch {
          continue
        }
      }
    }
    let (found, late) = results.withLock { $0 }
    session.keep(
      audio: missing.compactMap { index in
        found[index].map { (candidates[index].path, candidates[index].stamp, $0) }
      })
    return (found, late)
  }

  /// Calls a closure with the files of each group, in the order of paths, the groups in the order of their first files.
  func groups(_ body: (GroupedFile) throws -> Void) throws {
    try database.read { database in
      let files = try GroupedFile.fetchCursor(
        database,
        sql: """
          SELECT files.path, files.row, files.id = groups.first AS startsGroup
          FROM groups JOIN files USING (format, audioBytes, frames, digest)
          ORDER BY groups.first, files.id
          """)
      while let file = try files.next() { try body(file) }
    }
  }

  /// Returns the number of groups, and of files in them.
  func count() throws -> (groups: Int, files: Int) {
    try database.read { database in
      let groups = try Int.fetchOne(database, sql: "SELECT count(*) FROM groups") ?? 0
      let files =
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM groups JOIN files USING (format, audioBytes, frames, digest)") ?? 0
      return (groups, files)
    }
  }
}
