internal import AudioFiles
internal import Foundation
internal import GRDB
internal import Platform

/// Files that hold nearly the same audio: the same recording in another format, at another bit rate, louder, cut.
///
/// Fingerprints wait in a temporary database with an index over their values, so that each file is compared with those
/// alone that have some in common. In memory are four bytes a file.
final class NearDuplicates: Sendable {
  private struct Candidate: Sendable {
    let id: Int64
    let path: RawPath
    let stamp: FileStamp
    let seconds: Double?
  }

  /// A value that more files have than this tells none from another.
  private static let mostHolders = 256
  /// A candidate has at least so many values in common, and of candidates the best so many are looked at.
  private static let (leastShared, mostCandidates) = (2, 50)

  private let tool: Fingerprinter
  private let database: DatabaseQueue

  init(_ tool: Fingerprinter) throws {
    self.tool = tool
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE files (
            id INTEGER PRIMARY KEY, path BLOB NOT NULL, device INTEGER NOT NULL, number INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, seconds REAL,
            isTwin INTEGER NOT NULL, why TEXT, root INTEGER, row INTEGER NOT NULL);
          CREATE TABLE prints (id INTEGER PRIMARY KEY, seconds REAL, print BLOB NOT NULL);
          CREATE TABLE keys (value INTEGER NOT NULL, id INTEGER NOT NULL);
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

  /// Makes the fingerprints that are not known yet; blocks.
  ///
  /// - Parameter width: how many files at once.
  func fingerprint(
    width: Int, desk: CacheDesk, progress: ScanProgress, check: @escaping @Sendable () throws -> Void
  ) throws {
    let total = try database.write { database in
      // A second name of a file is no second file.
      try database.execute(
        sql: "CREATE TABLE wanted AS SELECT min(id) AS id FROM files WHERE isTwin = 0 GROUP BY device, number")
      try database.execute(sql: "CREATE UNIQUE INDEX wantedById ON wanted (id)")
      return try Int.fetchOne(database, sql: "SELECT count(*) FROM wanted") ?? 0
    }
    progress.update { $0.toFingerprint = total }
    let queue = Monitor((waiting: [Candidate](), last: Int64(0), failure: (any Error)?.none))
    DispatchQueue.concurrentPerform(iterations: max(1, min(width, total))) { _ in
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
          try take(candidate, desk: desk, check: check)
          progress.update { $0.fingerprinted += 1 }
        }
      } catch {
        queue.withLock { if $0.failure == nil { $0.failure = error } }
      }
    }
    if let failure = queue.withLock({ $0.failure }) { throw failure }
  }

  private func page(after id: Int64) throws -> [Candidate] {
    try database.read { database in
      let rows = try Row.fetchAll(
        try database.cachedStatement(
          sql: """
            SELECT id, path, device, number, size, modified, changed, seconds FROM wanted JOIN files USING (id)
            WHERE id > ? ORDER BY id LIMIT 256
            """), arguments: [id])
      return rows.map { row in
        Candidate(
          id: row[0], path: RawPath([UInt8](row[1] as Data)),
          stamp: FileStamp(device: row[2], number: row[3], size: row[4], modified: row[5], changed: row[6]),
          seconds: row[7])
      }
    }
  }

  private func take(_ candidate: Candidate, desk: CacheDesk, check: () throws -> Void) throws {
    let (path, stamp) = (candidate.path, candidate.stamp)
    do {
      let print: Fingerprint
      if let known = desk.print(of: path, stamp: stamp, tool: tool.version) {
        print = known
      } else {
        let seen = Int64(Date().timeIntervalSince1970 * 1e9)
        guard FileStamp(at: path) == stamp else { throw Fingerprinter.Failure.changed }
        print = try tool.print(of: path, check: check)
        guard FileStamp(at: path) == stamp else { throw Fingerprinter.Failure.changed }
        desk.keep(print, of: path, stamp: stamp, seen: seen, tool: tool.version)
      }
      try keep(print, of: candidate)
    } catch let failure as Fingerprinter.Failure {
      let seconds = tool.timeout / .seconds(1)
      let why =
        switch failure {
        case .late: "took longer than \(seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)") s"
        case .crashed(let end): "crashed fpcalc (\(end))"
        case .refused(let words): "can't be decoded: \(words)"
        case .changed: "changed meanwhile"
        }
      try database.write { database in
        try database.execute(sql: "UPDATE files SET why = ? WHERE id = ?", arguments: [why, candidate.id])
      }
    }
  }

  private func keep(_ print: Fingerprint, of candidate: Candidate) throws {
    try database.write { database in
      try database.cachedStatement(sql: "INSERT INTO prints VALUES (?, ?, ?)").execute(
        arguments: [candidate.id, candidate.seconds ?? print.seconds, Data(print.encoded)])
      let statement = try database.cachedStatement(sql: "INSERT INTO keys VALUES (?, ?)")
      for key in print.keys { try statement.execute(arguments: [Int64(key), candidate.id]) }
    }
  }

  /// Finds what is nearly the same; blocks.
  func compare(check: () throws -> Void) throws {
    let top = try database.write { database in
      try database.execute(sql: "CREATE INDEX byValue ON keys (value, id)")
      try database.execute(
        sql: "CREATE TABLE common AS SELECT value FROM keys GROUP BY value HAVING count(*) > \(Self.mostHolders)")
      try database.execute(sql: "DELETE FROM keys WHERE value IN (SELECT value FROM common)")
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
    try database.write { database in
      let statement = try database.cachedStatement(sql: "UPDATE files SET root = ? WHERE id = ?")
      for id in 0..<(top + 1) where groups.isInGroup(id) {
        try statement.execute(arguments: [groups.root(of: id), id])
      }
      try database.execute(sql: "CREATE INDEX byRoot ON files (root, id) WHERE root IS NOT NULL")
    }
  }

  private static func next(after id: Int64, _ database: Database) throws -> (Int64, Fingerprint)? {
    let row = try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT id, seconds, print FROM prints WHERE id > ? ORDER BY id LIMIT 1"),
      arguments: [id])
    guard let row else { return nil }
    return (row[0], Fingerprint([UInt8](row[2] as Data), seconds: row[1]) ?? Fingerprint(values: [], seconds: nil))
  }

  private static func print(of id: Int64, _ database: Database) throws -> Fingerprint? {
    let row = try Row.fetchOne(
      try database.cachedStatement(sql: "SELECT seconds, print FROM prints WHERE id = ?"), arguments: [id])
    return row.flatMap { Fingerprint([UInt8]($0[1] as Data), seconds: $0[0]) }
  }

  /// Files before this one that have most values in common with it, the likeliest first.
  private static func candidates(for id: Int64, _ print: Fingerprint, _ database: Database) throws -> [Int64] {
    let statement = try database.cachedStatement(sql: "SELECT id FROM keys WHERE value = ? AND id < ?")
    var shared: [Int64: Int] = [:]
    for key in print.keys {
      for other in try Int64.fetchAll(statement, arguments: [Int64(key), id]) { shared[other, default: 0] += 1 }
    }
    return shared.filter { $0.value >= leastShared }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(mostCandidates).map(\.key)
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

  /// Why files have no fingerprint, how often, and the first of each.
  func lost() throws -> [(reason: String, count: Int, first: RawPath)] {
    try database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT why, count(*) AS many, path, min(id) FROM files WHERE why IS NOT NULL GROUP BY why
          ORDER BY many DESC, why LIMIT 10
          """
      ).map { ($0[0], $0[1], RawPath([UInt8]($0[2] as Data))) }
    }
  }
}
