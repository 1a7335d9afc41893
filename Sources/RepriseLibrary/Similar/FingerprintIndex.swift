internal import Foundation
internal import GRDB

/// Fingerprints in a temporary database with an index over their values, so that each is compared only with those that
/// have some in common.
///
/// Five bytes per file are in memory.
package final class FingerprintIndex: Sendable {
  /// Maximum number of files that can be found by one value, the first ones: enough to bring the later ones into their
  /// group, and no more to examine for a value that distinguishes none.
  private static let mostHolders = 256
  /// Minimum number of values that a candidate has in common, and maximum number of candidates that are examined, the
  /// best ones.
  private static let (leastShared, mostCandidates) = (2, 50)

  private let database: DatabaseQueue

  /// Creates an empty index.
  package init() throws {
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE prints (id INTEGER PRIMARY KEY, seconds REAL, print BLOB NOT NULL);
          CREATE TABLE keys (value INTEGER NOT NULL, id INTEGER NOT NULL);
          """)
    }
  }

  /// Adds a file's fingerprint.
  ///
  /// - Parameters:
  ///   - print: The fingerprint.
  ///   - seconds: The file's length, if known better than by the fingerprint.
  ///   - id: A number greater than zero that no other file has.
  /// - Throws: `DatabaseError` if the temporary database fails.
  package func add(_ print: Fingerprint, seconds: Double? = nil, id: Int64) throws {
    try database.write { database in
      try database.cachedStatement(sql: "INSERT INTO prints VALUES (?, ?, ?)").execute(
        arguments: [id, seconds ?? print.seconds, Data(print.encoded)])
      let statement = try database.cachedStatement(sql: "INSERT INTO keys VALUES (?, ?)")
      for key in print.keys { try statement.execute(arguments: [Int64(key), id]) }
    }
  }

  /// Groups the files that are nearly the same, once all are added; blocks.
  ///
  /// - Parameter check: A closure that is called for every file, and throws to stop.
  /// - Returns: The groups of ids.
  /// - Throws: `DatabaseError` if the temporary database fails, the errors that `check` throws.
  package func groups(check: () throws -> Void) throws -> DisjointSets {
    let top = try database.write { database in
      try database.execute(sql: "CREATE INDEX byValue ON keys (value, id)")
      return try Int.fetchOne(database, sql: "SELECT max(id) FROM prints") ?? 0
    }
    var groups = DisjointSets(count: top + 1)
    var last: Int64 = 0
    while let (id, print) = try database.read({ try Self.next(after: last, $0) }) {
      try check()
      last = id
      try database.read { database in
        for other in try Self.candidates(for: id, print, database)
        where groups.root(of: Int(other)) != groups.root(of: Int(id)) {
          guard let found = try Self.print(of: other, database), FingerprintLikeness(print, found) != nil else {
            continue
          }
          groups.join(Int(id), Int(other))
        }
      }
    }
    return groups
  }

  private static func next(after id: Int64, _ database: Database) throws -> (Int64, Fingerprint)? {
    let row = try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT id, seconds, print FROM prints WHERE id > ? ORDER BY id LIMIT 1"),
      arguments: [id])
    return row.map { ($0["id"], Fingerprint($0) ?? Fingerprint(values: [], seconds: nil)) }
  }

  private static func print(of id: Int64, _ database: Database) throws -> Fingerprint? {
    let row = try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT seconds, print FROM prints WHERE id = ?"), arguments: [id])
    return row.flatMap { Fingerprint($0) }
  }

  /// Returns the earlier files that have most values in common with a file, the likeliest first.
  private static func candidates(for id: Int64, _ print: Fingerprint, _ database: Database) throws -> [Int64] {
    let statement = try database.cachedStatement(
      sql: "SELECT id FROM keys WHERE value = ? AND id < ? ORDER BY id LIMIT \(mostHolders)")
    var shared: [Int64: Int] = [:]
    for key in print.keys {
      for other in try Int64.fetchAll(statement, arguments: [Int64(key), id]) { shared[other, default: 0] += 1 }
    }
    return shared.filter { $0.value >= leastShared }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(mostCandidates).map(\.key)
  }
}

extension Fingerprint {
  /// Reads the fingerprint in the columns `print` and `seconds`; `nil` if there is none.
  fileprivate init?(_ row: Row) { self.init([UInt8](row["print"] as Data), seconds: row["seconds"]) }
}
