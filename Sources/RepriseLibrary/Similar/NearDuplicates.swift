internal import RepriseAudio
internal import Foundation
internal import GRDB
internal import RepriseSystem

/// Files that hold nearly the same audio: the same recording in another format, at another bit rate, louder, cut.
///
/// Files wait in a temporary database for what the scan finds of exact duplicates, then for their fingerprints, and then
/// for what those have in common.
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
            isTwin INTEGER NOT NULL, why TEXT, root INTEGER, row INTEGER NOT NULL);
          """)
    }
  }

  /// Notes files with audio of any kind; they come in the order of their paths.
  ///
  /// - Parameter row: how many files, with audio or without, came before these.
  func add(_ results: [CheckResult], from row: Int) throws {
    try database.write { database in
      let statement = try database.cachedStatement(
        sql: "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL, ?)")
      for (offset, result) in results.enumerated() {
        guard let stamp = result.stamp, !result.answer.isCrash,
          [nil, .unsupportedFormat].contains(result.answer.failure)
        else { continue }
        try statement.execute(
          arguments: [
            Data(result.path.bytes), stamp.device, stamp.number, stamp.size, stamp.modified, stamp.changed,
            result.answer.seconds, row + offset,
          ])
      }
    }
  }

  /// Notes a file of a group with the same audio: all but the first are left out, under all their names.
  func note(_ path: RawPath, begins: Bool) throws {
    try database.write { database in
      try database.execute(sql: "CREATE INDEX IF NOT EXISTS byPath ON files (path)")
      try database.execute(sql: "CREATE INDEX IF NOT EXISTS byNumber ON files (device, number)")
      if !begins {
        try database.cachedStatement(
          sql: """
            UPDATE files SET isTwin = 1 WHERE (device, number) IN (SELECT device, number FROM files WHERE path = ?)
            """
        ).execute(arguments: [Data(path.bytes)])
      }
    }
  }

  /// Finds what is nearly the same; blocks.
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

  /// Hands out groups of files, each in the order of paths, in the order of their first ones.
  func groups(_ body: (GroupedFile) throws -> Void) throws {
    try database.read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT path, row, id = root FROM files WHERE root IS NOT NULL ORDER BY root, id")
      while let row = try rows.next() {
        try body(GroupedFile(path: RawPath([UInt8](row[0] as Data)), row: row[1], begins: row[2]))
      }
    }
  }

  /// How many groups there are, and how many files in them.
  func count() throws -> (groups: Int, files: Int) {
    try database.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT count(DISTINCT root), count(root) FROM files WHERE root IS NOT NULL")
      return row.map { ($0[0], $0[1]) } ?? (0, 0)
    }
  }

  /// How many files have no fingerprint, and the ten most frequent reasons: how often, and the first file of each.
  func lost() throws -> (count: Int, why: [(reason: String, count: Int, first: RawPath)]) {
    try database.read { database in
      let count = try Int.fetchOne(database, sql: "SELECT count(why) FROM files") ?? 0
      let why = try Row.fetchAll(
        database,
        sql: """
          SELECT why, count(*) AS many, path, min(id) FROM files WHERE why IS NOT NULL GROUP BY why
          ORDER BY many DESC, why LIMIT 10
          """
      ).map { row -> (reason: String, count: Int, first: RawPath) in
        (row[0], row[1], RawPath([UInt8](row[2] as Data)))
      }
      return (count, why)
    }
  }
}
