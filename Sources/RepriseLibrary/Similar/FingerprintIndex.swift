internal import Foundation
internal import GRDB

/// Fingerprints in a temporary database with an index over their values, so that each is compared with those alone that
/// have some in common. In memory are five bytes a file.
package final class FingerprintIndex: Sendable {
  /// Of the files that have a value so many can be found by it, the first: enough to bring the later ones into their
  /// group, and no more to look at for a value that tells none from another.
  private static let mostHolders = 256
  /// A candidate has at least so many values in common, and of candidates the best so many are looked at.
  private static let (leastShared, mostCandidates) = (2, 50)

  private let database: DatabaseQueue

  /// An empty one.
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
  ///   - seconds: the file's length, where it is known better than the fingerprint tells.
  ///   - id: greater than zero, of no other file.
  package func add(_ print: Fingerprint, seconds: Double? = nil, id: Int64) throws {
    try database.write { database in
      try database.cachedStatement(sql: "INSERT INTO prints VALUES (?, ?, ?)").execute(
        arguments: [id, seconds ?? print.seconds, Data(print.encoded)])
      let statement = try database.cachedStatement(sql: "INSERT INTO keys VALUES (?, ?)")
      for key in print.keys { try statement.execute(arguments: [Int64(key), id]) }
    }
  }

  /// Finds what is nearly the same, once all are there; blocks.
  ///
  /// - Parameter check: called for every file; throws to give up.
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

  /// Files before this one that have most values in common with it, the likeliest first.
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
  /// The fingerprint in the columns `print` and `seconds`; `nil` where there is none.
  fileprivate init?(_ row: Row) { self.init([UInt8](row["print"] as Data), seconds: row["seconds"]) }
}
