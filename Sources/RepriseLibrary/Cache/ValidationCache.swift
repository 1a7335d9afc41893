internal import RepriseAudio
internal import Foundation
internal import GRDB
internal import RepriseSystem

/// The database of results of earlier scans, `$XDG_CACHE_HOME/reprise/validation.sqlite`.
///
/// Any number of scans may use the cache at once.
package final class ValidationCache: Sendable {
  /// The default path of the database.
  package static var usualPath: String { Directories.cache() + "/validation.sqlite" }

  let database: DatabasePool
  /// The path of the database.
  package let path: String
  private let checker: String

  /// Opens the cache, making it if there is none.
  ///
  /// - Parameters:
  ///   - path: The path of the database.
  ///   - checker: The program that checks and its version: results of another one are discarded.
  /// - Throws: `ScanError` with the code `cache`.
  package init(path: String, checker: String) throws(ScanError) {
    self.path = path
    self.checker = checker
    do {
      try Directories.make(PathText.directory(of: path), mode: 0o700)
      // Two processes that open a new cache at the same moment would both make its tables.
      let lock = try FileLock(path: path + ".lock")
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      configuration.maximumReaderCount = 2
      configuration.prepareDatabase { database in
        // A killed scan loses nothing; a power failure may lose the last responses, which are determined again.
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
      }
      database = try DatabasePool(path: path, configuration: configuration)
      try Self.prepare(database, checker: checker)
      lock.release()
    } catch {
      throw Self.unusable(path, error)
    }
  }

  private static func prepare(_ database: DatabasePool, checker: String) throws {
    try database.write { database in
      try database.execute(sql: "CREATE TABLE IF NOT EXISTS checker (name TEXT NOT NULL)")
      // Fingerprints come from another program: a new build of this one does not invalidate them.
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS prints (
            device INTEGER NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL,
            modified INTEGER NOT NULL, changed INTEGER NOT NULL, ends BLOB, tool TEXT NOT NULL, seconds REAL,
            print BLOB NOT NULL, PRIMARY KEY (device, number, path))
          """)
      let known = try String.fetchOne(database, sql: "SELECT name FROM checker")
      if known == checker { return }
      try database.execute(sql: "DROP TABLE IF EXISTS answers")
      try database.execute(sql: "DELETE FROM checker")
      try database.execute(sql: "INSERT INTO checker VALUES (?)", arguments: [checker])
      try database.execute(
        sql: """
          CREATE TABLE answers (
            device INTEGER NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL, limits TEXT NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, ends BLOB,
            depth INTEGER NOT NULL, answer BLOB NOT NULL, audio BLOB,
            PRIMARY KEY (device, number, path, limits))
          """)
    }
  }

  /// Returns `true` if the responses are still this checker's: another build may have begun its own table meanwhile.
  private func isOurs(_ database: Database) throws -> Bool {
    try String.fetchOne(try database.cachedStatement(sql: "SELECT name FROM checker")) == checker
  }

  /// A response that may hold.
  struct Entry {
    let stamp: FileStamp
    let depth: Inspection.Depth
    let response: CheckResponse
    /// SHA-256 of the first and last 64 kB, if the stamp alone is not to be trusted.
    let ends: [UInt8]?
  }

  /// Returns the kept entries of some files, in the order of the files.
  func entries(
    of files: [(path: RawPath, stamp: FileStamp)], options: ScanOptions
  ) throws(ScanError) -> [Entry?] {
    do {
      return try database.read { database in
        guard try isOurs(database) else { return files.map { _ in nil } }
        let statement = try database.cachedStatement(
          sql: """
            SELECT size, modified, changed, depth, answer, ends FROM answers
            WHERE device = ? AND number = ? AND path = ? AND limits = ?
            """)
        let limits = options.limitsText
        return try files.map { file in
          let row = try Row.fetchOne(
            statement, arguments: [file.stamp.device, file.stamp.number, Data(file.path.bytes), limits])
          guard let row, let size: Int64 = row.checked(0), let modified: Int64 = row.checked(1),
            let changed: Int64 = row.checked(2), let depth = row.checked(3).flatMap(Inspection.Depth.init(rank:)),
            let bytes: Data = row.checked(4), let response = CheckResponse(encoded: [UInt8](bytes)[...]),
            let ends = row.checkedBytes(5)
          else { return nil }
          return Entry(
            stamp: FileStamp(
              device: file.stamp.device, number: file.stamp.number, size: size, modified: modified, changed: changed),
            depth: depth, response: response, ends: ends)
        }
      }
    } catch {
      throw Self.unusable(path, error)
    }
  }

  /// A response to keep.
  struct NewEntry {
    let path: RawPath
    let stamp: FileStamp
    let response: CheckResponse
    let ends: [UInt8]?
  }

  /// Keeps responses, in one transaction; none if the cache is another checker's by now.
  func keep(_ entries: [NewEntry], options: ScanOptions) throws(ScanError) {
    do {
      try database.write { database in
        guard try isOurs(database) else { return }
        let statement = try database.cachedStatement(
          sql: "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)")
        let limits = options.limitsText
        for entry in entries {
          let stamp = entry.stamp
          try statement.execute(
            arguments: [
              stamp.device, stamp.number, Data(entry.path.bytes), limits, stamp.size, stamp.modified, stamp.changed,
              entry.ends.map { Data($0) }, options.depth.rank, Data(entry.response.encoded),
            ])
        }
      }
    } catch {
      throw Self.unusable(path, error)
    }
  }

  /// Returns the kept digest of a file's audio if the file's stamp is unchanged, and the digest of the file's ends if
  /// its stamp alone is not to be trusted.
  func audioDigest(of path: RawPath, stamp: FileStamp) throws(ScanError) -> (digest: [UInt8], ends: [UInt8]?)? {
    do {
      return try database.read { database in
        guard try isOurs(database) else { return nil }
        let row = try Row.fetchOne(
          try database.cachedStatement(
            sql: """
              SELECT audio, ends FROM answers WHERE device = ? AND number = ? AND path = ? AND size = ? AND modified = ?
              AND changed = ? AND audio IS NOT NULL
              """),
          arguments: [
            stamp.device, stamp.number, Data(path.bytes), stamp.size, stamp.modified, stamp.changed,
          ])
        guard let row, let digest: Data = row.checked(0), let ends = row.checkedBytes(1) else { return nil }
        return ([UInt8](digest), ends)
      }
    } catch {
      throw Self.unusable(self.path, error)
    }
  }

  /// Adds digests of audio to the responses that are there.
  func keep(audio: [(path: RawPath, stamp: FileStamp, digest: [UInt8])]) throws(ScanError) {
    do {
      try database.write { database in
        guard try isOurs(database) else { return }
        let statement = try database.cachedStatement(
          sql: """
            UPDATE answers SET audio = ? WHERE device = ? AND number = ? AND path = ? AND size = ? AND modified = ?
            AND changed = ?
            """)
        for (path, stamp, digest) in audio {
          try statement.execute(
            arguments: [
              Data(digest), stamp.device, stamp.number, Data(path.bytes), stamp.size, stamp.modified, stamp.changed,
            ])
        }
      }
    } catch {
      throw Self.unusable(path, error)
    }
  }

  /// Removes everything, in a cache that others may be using, and even one that cannot be read.
  ///
  /// - Parameter path: The path of the database.
  /// - Returns: The number of files that were known; `nil` if that can't be determined.
  /// - Throws: `ScanError` if the cache can't be cleared.
  @discardableResult package static func clear(path: String) throws(ScanError) -> Int? {
    guard FileKind(at: path) != .nothing else { return 0 }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let count = try database.write { database in
        guard try database.tableExists("answers") else { return 0 }
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM answers") ?? 0
        try database.execute(sql: "DELETE FROM answers")
        if try database.tableExists("prints") { try database.execute(sql: "DELETE FROM prints") }
        return count
      }
      try database.vacuum()
      return count
    } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      return nil
    } catch {
      throw unusable(path, error)
    }
  }

  /// Returns the error for a cache that can't be used.
  static func unusable(_ path: String, _ error: any Error) -> ScanError {
    ScanError(.cacheUnusable(message: databaseMessage(error)), path: path, underlying: error)
  }
}

/// Returns SQLite's own message for an error of SQLite, else the error's description.
func databaseMessage(_ error: any Error) -> String {
  (error as? DatabaseError).map { $0.message ?? "SQLite error \($0.resultCode.rawValue)" } ?? "\(error)"
}

/// Reads values of a database that may hold anything, since others can write the file: a value of another type is
/// `nil`.
extension Row {
  /// Returns a column's value.
  func checked<Value: DatabaseValueConvertible>(_ column: Int) -> Value? {
    let value: DatabaseValue = self[column]
    return Value.fromDatabaseValue(value)
  }

  /// Returns a column's bytes, which may be missing; the outer `nil` stands for a value of another type.
  func checkedBytes(_ column: Int) -> [UInt8]?? {
    let value: DatabaseValue = self[column]
    if value.isNull { return .some(nil) }
    return Data.fromDatabaseValue(value).map { [UInt8]($0) }
  }
}
