internal import Foundation
internal import GRDB
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The paths that were named, in the order of their bytes, each once.
///
/// Any number of paths waits in a temporary database, of which SQLite keeps two megabytes in memory.
final class PathList: Sendable {
  private let database: DatabaseQueue

  init() throws {
    // No name: SQLite makes a file that is removed with the connection.
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(sql: "CREATE TABLE paths (path BLOB PRIMARY KEY) WITHOUT ROWID")
    }
  }

  func add(_ paths: [RawPath]) throws {
    try database.write { database in
      let statement = try database.makeStatement(sql: "INSERT OR IGNORE INTO paths VALUES (?)")
      for path in paths { try statement.execute(arguments: [Data(path.bytes)]) }
    }
  }

  /// Adds the paths of a list, each ending with a zero byte, as `find -print0` writes them.
  ///
  /// - Parameters:
  ///   - file: The path of the list; `-` is stdin.
  ///   - check: A closure that is called while reading, and throws to stop.
  /// - Throws: `FileError`, `ScanError` with the code `badList` if the file is no such list, the errors that `check`
  ///   throws.
  func add(listIn file: String, check: () throws -> Void) throws {
    let descriptor = file == "-" ? STDIN_FILENO : unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: file, doing: "read") }
    defer { if file != "-" { close(descriptor) } }
    var rest: [UInt8] = []
    var paths: [RawPath] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try check()
      // A pipe may have no writer yet, or a slow one; Ctrl-C must reach the waiting thread.
      var asked = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&asked, 1, 100) > 0 else { continue }
      let count = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else { throw FileError(errno: errno, path: file, doing: "read") }
      if count == 0 { break }
      for byte in block[..<count] {
        if byte != 0 {
          rest.append(byte)
        } else if !rest.isEmpty {
          paths.append(RawPath(rest))
          rest.removeAll(keepingCapacity: true)
        }
      }
      guard rest.count < 1 << 16 else {
        throw ScanError(.listWithoutZeros(longest: 1 << 16), path: file)
      }
      if paths.count >= 1000 {
        try add(paths)
        paths = []
      }
    }
    if !rest.isEmpty { paths.append(RawPath(rest)) }
    try add(paths)
  }

  /// Returns the paths after a given one, at most 500.
  func page(after path: RawPath?) throws -> [RawPath] {
    try database.read { database in
      let rows =
        try path.map {
          try Data.fetchAll(
            database, sql: "SELECT path FROM paths WHERE path > ? ORDER BY path LIMIT 500", arguments: [Data($0.bytes)])
        } ?? Data.fetchAll(database, sql: "SELECT path FROM paths ORDER BY path LIMIT 500")
      return rows.map { RawPath([UInt8]($0)) }
    }
  }
}
