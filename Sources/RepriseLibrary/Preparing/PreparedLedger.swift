internal import Foundation
internal import GRDB
internal import RepriseSystem

/// The record of a directory of outputs: the outputs, their sources and their terms, in `.reprise/prepared.sqlite`.
///
/// A row is on the disk as `placing` before its output gets its name, and as `made` after: a run that is killed in
/// between leaves an output that the next one knows.
final class PreparedLedger: Sendable {
  /// The record of one output.
  struct Row {
    var source: RawPath
    /// The output's path relative to the directory; empty for a source that is sent unchanged.
    var output: String
    /// The identity of the options, the limits and the program.
    var terms: String
    var sourceStamp: FileStamp
    /// SHA-256 of the source's ends, if its stamp alone is not to be trusted.
    var ends: [UInt8]?
    var outputStamp: FileStamp
    var digest: [UInt8]
    var facts: [UInt8]
  }

  /// The state of an output's path.
  enum Standing {
    case nothing
    /// The output is unchanged.
    case ours
    /// The output has changed since it was made.
    case changed
    case foreign
  }

  let database: DatabaseQueue
  let directory: PreparedDirectory

  init(_ directory: PreparedDirectory) throws(ScanError) {
    self.directory = directory
    do {
      var configuration = Configuration()
      configuration.journalMode = .wal
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF") }
      database = try DatabaseQueue(path: directory.record, configuration: configuration)
      try Self.prepare(database)
    } catch {
      throw Self.unusable(directory.record, error)
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

  /// Settles the rows of outputs that a killed run was about to name: an output has its name, or is gone.
  private func recover() throws(ScanError) {
    for row in try rows("placing", where: "1", []) {
      if case .some(.some(let stamp)) = directory.stamp(of: row.output), stamp.device == row.outputStamp.device,
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

  /// Returns all rows of a source.
  func rows(of source: RawPath) throws(ScanError) -> [Row] {
    try rows("made", where: "source = ?", [Data(source.bytes)])
  }

  /// Returns the state of an output's path.
  func standing(of output: String) throws(ScanError) -> Standing {
    guard let found = directory.stamp(of: output) else { return .nothing }
    guard let stamp = found else { return .foreign }
    let rows = try rows("made", where: "output = ?", [output])
    guard !rows.isEmpty else { return .foreign }
    if rows.contains(where: { $0.outputStamp == stamp }) { return .ours }
    // The directory may have been copied, or the file's mode changed: compare the bytes.
    guard rows.contains(where: { $0.outputStamp.size == stamp.size }),
      let digest = try? RawFile(RawPath(directory.path(of: output))).digest(of: nil),
      var row = rows.first(where: { $0.digest == digest })
    else { return .changed }
    row.outputStamp = stamp
    try keep(row)
    return .ours
  }

  /// Records an output before it gets its name.
  func begin(_ row: Row) throws(ScanError) { try put(row, in: "placing") }

  /// Records an output that was made, and forgets any other of that name.
  func keep(_ row: Row) throws(ScanError) {
    try write { database in
      if !row.output.isEmpty {
        try database.cachedStatement(sql: "DELETE FROM made WHERE output = ?").execute(arguments: [row.output])
        try database.cachedStatement(sql: "DELETE FROM placing WHERE output = ?").execute(arguments: [row.output])
      }
      try Self.put(row, in: "made", database)
    }
  }

  /// Returns the number of recorded outputs that still exist and that `isListed` does not know.
  func countLeft(isListed: (String) throws -> Bool) throws -> Int {
    try database.read { database in
      let outputs = try DatabaseValue.fetchCursor(database, sql: "SELECT output FROM made WHERE output <> ''")
      var count = 0
      while let value = try outputs.next() {
        guard let output = String.fromDatabaseValue(value) else { continue }
        if try !isListed(output), directory.stamp(of: output) != nil { count += 1 }
      }
      return count
    }
  }

  /// Returns `true` if a manifest with that digest was written here.
  func knows(manifest digest: String) throws(ScanError) -> Bool {
    do {
      return try database.read {
        try Int.fetchOne($0, sql: "SELECT 1 FROM manifests WHERE digest = ?", arguments: [digest]) != nil
      }
    } catch { throw Self.unusable(directory.record, error) }
  }

  /// Records a manifest; once it has its name, as the only one.
  func note(manifest digest: String, isNamed: Bool) throws(ScanError) {
    try write { database in
      if isNamed { try database.execute(sql: "DELETE FROM manifests") }
      try database.execute(sql: "INSERT OR IGNORE INTO manifests VALUES (?)", arguments: [digest])
    }
  }

  /// Closes the database.
  func close() { try? database.close() }

  private func put(_ row: Row, in table: String) throws(ScanError) {
    try write { try Self.put(row, in: table, $0) }
  }

  private func write(_ body: (Database) throws -> Void) throws(ScanError) {
    do { try database.write(body) } catch { throw Self.unusable(directory.record, error) }
  }

  /// Returns the error for a record that can't be used.
  static func unusable(_ path: String, _ error: any Error) -> ScanError {
    if let error = error as? DatabaseError, error.resultCode == .SQLITE_FULL {
      return ScanError(.diskFull, path: path, underlying: error)
    }
    return ScanError(.recordUnusable(message: databaseMessage(error)), path: path, underlying: error)
  }
}
