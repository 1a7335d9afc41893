internal import RepriseAudio
internal import Foundation
internal import GRDB
package import RepriseSystem

/// The files that hold nearly the same audio: the same recording in another format, at another bit rate, louder, cut.
///
/// Files wait in a temporary database until the scan has found the exact duplicates, then for their fingerprints, and
/// then for the comparison of those.
final class NearDuplicates: Sendable {
  let tool: Fingerprinter
  let database: DatabaseQueue
  let index: FingerprintIndex

  init(_ tool: Fingerprinter) throws {
    self.tool = tool
    index = try FingerprintIndex()
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE files (
            id INTEGER PRIMARY KEY, path BLOB NOT NULL, device INTEGER NOT NULL, number INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, seconds REAL,
            isTwin INTEGER NOT NULL, failure INTEGER, detail TEXT, root INTEGER, row INTEGER NOT NULL);
          """)
    }
  }

  /// Adds files with audio of any kind, in the order of their paths.
  ///
  /// - Parameters:
  ///   - entries: The files.
  ///   - row: The number of files, with audio or without, before these.
  /// - Throws: `DatabaseError` if the temporary database fails.
  func add(_ entries: [ScanEntry], from row: Int) throws {
    try database.write { database in
      let statement = try database.cachedStatement(
        sql: "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL, NULL, ?)")
      for (offset, entry) in entries.enumerated() {
        guard let stamp = entry.stamp, !entry.response.isLost,
          [nil, .unsupportedFormat].contains(entry.response.failure)
        else { continue }
        try statement.execute(
          arguments: [
            Data(entry.path.bytes), stamp.device, stamp.number, stamp.size, stamp.modified, stamp.changed,
            entry.response.seconds, row + offset,
          ])
      }
    }
  }

  /// Records a file of a group with the same audio: all but the first are left out, under all their names.
  func note(_ path: RawPath, isFirst: Bool) throws {
    try database.write { database in
      try database.execute(sql: "CREATE INDEX IF NOT EXISTS byPath ON files (path)")
      try database.execute(sql: "CREATE INDEX IF NOT EXISTS byNumber ON files (device, number)")
      if !isFirst {
        try database.cachedStatement(
          sql: """
            UPDATE files SET isTwin = 1 WHERE (device, number) IN (SELECT device, number FROM files WHERE path = ?)
            """
        ).execute(arguments: [Data(path.bytes)])
      }
    }
  }

  /// Finds the files that are nearly the same; blocks.
  func compare(check: () throws -> Void) throws {
    let groups = try index.groups(check: check)
    try database.write { database in
      let statement = try database.cachedStatement(sql: "UPDATE files SET root = ? WHERE id = ?")
      try groups.forEachGrouped { id, root in
        try check()
        try statement.execute(arguments: [root, id])
      }
      try database.execute(sql: "CREATE INDEX byRoot ON files (root, id) WHERE root IS NOT NULL")
    }
  }

  /// Calls a closure with the files of each group, in the order of paths, the groups in the order of their first files.
  func groups(_ body: (GroupedFile) throws -> Void) throws {
    try database.read { database in
      let files = try GroupedFile.fetchCursor(
        database, sql: "SELECT path, row, id = root AS startsGroup FROM files WHERE root IS NOT NULL ORDER BY root, id")
      while let file = try files.next() { try body(file) }
    }
  }

  /// Returns the number of groups, and of files in them.
  func count() throws -> (groups: Int, files: Int) {
    try database.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT count(DISTINCT root), count(root) FROM files WHERE root IS NOT NULL")
      return row.map { ($0[0], $0[1]) } ?? (0, 0)
    }
  }

  /// Records the reason why a file has no fingerprint.
  func lose(_ id: Int64, _ failure: Fingerprinter.Failure) throws {
    let (kind, detail) = failure.columns
    try database.write { database in
      try database.execute(
        sql: "UPDATE files SET failure = ?, detail = ? WHERE id = ?", arguments: [kind, detail, id])
    }
  }

  /// Returns the number of files that have no fingerprint, and the ten most frequent reasons; equally frequent ones
  /// always in the same order, however many files are fingerprinted at once.
  func lost() throws -> (count: Int, why: [LostFingerprints]) {
    try database.read { database in
      let count = try Int.fetchOne(database, sql: "SELECT count(failure) FROM files") ?? 0
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT failure, detail, count(*) AS many, path, min(id) FROM files WHERE failure IS NOT NULL
          GROUP BY failure, detail ORDER BY many DESC, failure, detail LIMIT 10
          """)
      return (
        count,
        rows.map { row in
          LostFingerprints(
            failure: Fingerprinter.Failure(kind: row["failure"], detail: row["detail"], timeout: tool.timeout),
            count: row["many"], first: RawPath(row, "path"))
        }
      )
    }
  }
}

/// Files that have no fingerprint for one reason.
package struct LostFingerprints: Sendable {
  /// The reason.
  package let failure: Fingerprinter.Failure
  /// The number of files.
  package let count: Int
  /// The first of them in the order of paths.
  package let first: RawPath

  /// Creates a count of the files that have no fingerprint for one reason.
  package init(failure: Fingerprinter.Failure, count: Int, first: RawPath) {
    self.failure = failure
    self.count = count
    self.first = first
  }
}

extension Fingerprinter.Failure {
  /// The stored columns of a failure: its kind, and the value that differs between failures of that kind.
  fileprivate var columns: (kind: Int, detail: String) {
    switch self {
    case .refused(let message): (0, message)
    case .changed: (1, "")
    case .crashed(let signal): (2, "\(signal)")
    case .timedOut: (3, "")
    }
  }

  fileprivate init(kind: Int, detail: String, timeout: Duration) {
    self =
      switch kind {
      case 0: .refused(detail)
      case 1: .changed
      case 2: .crashed(signal: Int32(detail) ?? 0)
      default: .timedOut(after: timeout)
      }
  }
}
