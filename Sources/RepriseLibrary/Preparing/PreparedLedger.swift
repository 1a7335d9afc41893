internal import Foundation
internal import GRDB
internal import RepriseSystem

/// What was made in a folder of outputs, of what, and how: `.reprise/prepared.sqlite` in it.
///
/// A row is on the disk as `placing` before its output gets its name, and as `made` after: a run that is killed in between
/// leaves an output that the next one knows.
final class PreparedLedger: Sendable {
  /// What was made of a source.
  struct Row {
    var source: RawPath
    /// Below the folder; empty for a source that is kept as it is.
    var output: String
    /// The options, the limits and the program.
    var terms: String
    var sourceStamp: FileStamp
    /// SHA-256 of the source's ends, where its stamp alone is not to be believed.
    var ends: [UInt8]?
    var outputStamp: FileStamp
    var digest: [UInt8]
    var facts: [UInt8]
  }

  /// What is at an output's place.
  enum Standing {
    case nothing
    /// What was made, as it was made.
    case ours
    /// What was made, changed since.
    case changed
    case foreign
  }

  let database: DatabaseQueue
  let folder: PreparedFolder

  init(_ folder: PreparedFolder) throws(ScanError) {
    self.folder = folder
    do {
      var configuration = Configuration()
      configuration.journalMode = .wal
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF") }
      database = try DatabaseQueue(path: folder.record, configuration: configuration)
      try Self.prepare(database)
    } catch {
      throw Self.unusable(folder.record, error)
    }
    try recover()
  }

  private static func prepare(_ database: DatabaseQueue) throws {
    func stamp(_ letter: String) -> String {
      ["Device", "Number", "Size", "Modified", "Changed"].map { "\(letter)\($0) INTEGER NOT NULL" }
        .joined(separator: ", ")
    }
    let columns = """
      source BLOB NOT NULL, output TEXT NOT NULL, terms TEXT NOT NULL, \(stamp("s")), ends BLOB, \(stamp("o")),
      digest BLOB NOT NULL, facts BLOB NOT NULL, PRIMARY KEY (source, output)
      """
    try database.write { database in
      for table in ["made", "placing"] {
        try database.execute(sql: "CREATE TABLE IF NOT EXISTS \(table) (\(columns)) STRICT")
      }
      try database.execute(sql: "CREATE INDEX IF NOT EXISTS outputs ON made (output)")
      try database.execute(sql: "CREATE TABLE IF NOT EXISTS manifests (digest TEXT PRIMARY KEY) STRICT")
    }
  }

  /// What a killed run was about to name: it has its name, or it is no more.
  private func recover() throws(ScanError) {
    for row in try rows("placing", where: "1", []) {
      if case .some(.some(let stamp)) = folder.stamp(of: row.output), stamp.device == row.outputStamp.device,
        stamp.number == row.outputStamp.number, stamp.size == row.outputStamp.size,
        stamp.modified == row.outputStamp.modified
      {
        var row = row
        row.outputStamp = stamp
        try keep(row)
      }
    }
    try write { try $0.execute(sql: "DELETE FROM placing") }
  }

  /// All that is known of a source.
  func rows(of source: RawPath) throws(ScanError) -> [Row] {
    try rows("made", where: "source = ?", [Data(source.bytes)])
  }

  /// What is at an output's place.
  func standing(of output: String) throws(ScanError) -> Standing {
    guard let found = folder.stamp(of: output) else { return .nothing }
    guard let stamp = found else { return .foreign }
    let rows = try rows("made", where: "output = ?", [output])
    guard !rows.isEmpty else { return .foreign }
    if rows.contains(where: { $0.outputStamp == stamp }) { return .ours }
    // Copied with all of the folder, or given another mode: the bytes tell.
    guard rows.contains(where: { $0.outputStamp.size == stamp.size }),
      let digest = try? RawFile(RawPath(folder.place(of: output))).digest(of: nil),
      var row = rows.first(where: { $0.digest == digest })
    else { return .changed }
    row.outputStamp = stamp
    try keep(row)
    return .ours
  }

  /// Notes what is about to be named.
  func begin(_ row: Row) throws(ScanError) { try put(row, in: "placing") }

  /// Notes what was made; whatever else had that name is forgotten.
  func keep(_ row: Row) throws(ScanError) {
    try write { database in
      if !row.output.isEmpty {
        try database.cachedStatement(sql: "DELETE FROM made WHERE output = ?").execute(arguments: [row.output])
        try database.cachedStatement(sql: "DELETE FROM placing WHERE output = ?").execute(arguments: [row.output])
      }
      try Self.put(row, in: "made", database)
    }
  }

  /// How many outputs are known and still there that `isListed` does not know.
  func countLeft(isListed: (String) throws -> Bool) throws -> Int {
    try database.read { database in
      let outputs = try DatabaseValue.fetchCursor(database, sql: "SELECT output FROM made WHERE output <> ''")
      var count = 0
      while let value = try outputs.next() {
        guard let output = String.fromDatabaseValue(value) else { continue }
        if try !isListed(output), folder.stamp(of: output) != nil { count += 1 }
      }
      return count
    }
  }

  /// Whether a manifest with that digest was written here.
  func knows(manifest digest: String) throws(ScanError) -> Bool {
    do {
      return try database.read {
        try Int.fetchOne($0, sql: "SELECT 1 FROM manifests WHERE digest = ?", arguments: [digest]) != nil
      }
    } catch { throw Self.unusable(folder.record, error) }
  }

  /// Notes a manifest; once it has its name, as the only one.
  func note(manifest digest: String, isNamed: Bool) throws(ScanError) {
    try write { database in
      if isNamed { try database.execute(sql: "DELETE FROM manifests") }
      try database.execute(sql: "INSERT OR IGNORE INTO manifests VALUES (?)", arguments: [digest])
    }
  }

  /// Leaves nothing open.
  func close() { try? database.close() }

  private func put(_ row: Row, in table: String) throws(ScanError) {
    try write { try Self.put(row, in: table, $0) }
  }

  private func write(_ body: (Database) throws -> Void) throws(ScanError) {
    do { try database.write(body) } catch { throw Self.unusable(folder.record, error) }
  }

  /// The error for a record that can't be used.
  static func unusable(_ path: String, _ error: any Error) -> ScanError {
    if let error = error as? DatabaseError, error.resultCode == .SQLITE_FULL {
      return ScanError(.diskFull, path: path, underlying: error)
    }
    return ScanError(.recordUnusable(message: databaseMessage(error)), path: path, underlying: error)
  }
}
