internal import Foundation
internal import GRDB
internal import RepriseSystem

/// The files of a run in the order of their paths, any number of them, in a temporary database that is removed with the
/// value.
final class PreparationList: Sendable {
  private struct Waiting {
    let source: RawPath
    let need: PreparationItem.Need
  }

  private let database: DatabaseQueue
  private let names: PreparedNames
  private let waiting = Monitor<[Waiting]>([])

  /// Creates an empty list.
  init(names: PreparedNames) throws {
    self.names = names
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE items (position INTEGER PRIMARY KEY, source BLOB NOT NULL, need INTEGER NOT NULL, directory TEXT NOT NULL,
            stem TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, output TEXT NOT NULL DEFAULT '', outcome BLOB);
          CREATE TABLE taken (key TEXT PRIMARY KEY, next INTEGER NOT NULL DEFAULT 2) WITHOUT ROWID
          """)
    }
  }

  /// Adds a file; files come in the order of their paths, which decides which of two gets a name that both want.
  func add(_ source: RawPath, _ need: PreparationItem.Need) throws {
    let isMany = waiting.withLock { waiting in
      waiting.append(Waiting(source: source, need: need))
      return waiting.count >= 256
    }
    if isMany { try flush() }
  }

  /// Writes the files that are not written yet; no file may be added afterwards.
  func flush() throws {
    let files = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    try database.write { database in
      let statement = try database.cachedStatement(
        sql: "INSERT INTO items (source, need, directory, stem) VALUES (?, ?, ?, ?)")
      for file in files {
        let location = try names.location(of: file.source)
        let stem = try Self.freeStem(for: location, in: database)
        try statement.execute(arguments: [Data(file.source.bytes), file.need.rawValue, location.directory, stem])
      }
    }
  }

  /// Returns the best name that no earlier file has, neither for its output nor for its cover.
  ///
  /// No directory has the name: directories' names never end as files' do.
  private static func freeStem(for location: PreparedLocation, in database: Database) throws -> String {
    let directory = location.directory.isEmpty ? "" : location.directory + "/"
    let full = "#" + PreparedNames.key(directory + location.stem + location.suffix)
    var choice = 0
    while true {
      let stem = try PreparedNames.stem(of: location, choice: choice)
      let keys = [directory + stem, "covers/" + directory + stem + "-cover"].map(PreparedNames.key)
      let isTaken = try keys.contains { key in
        try Int.fetchOne(
          try database.cachedStatement(sql: "SELECT 1 FROM taken WHERE key = ?"), arguments: [key]) != nil
      }
      if !isTaken {
        let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO taken (key) VALUES (?)")
        for key in keys { try insert.execute(arguments: [key]) }
        return stem
      }
      choice += 1
      guard choice >= 2 else { continue }
      // Thousands may want one name: each continues the numbering of the last one.
      let next = try Int.fetchOne(
        try database.cachedStatement(sql: "SELECT next FROM taken WHERE key = ?"), arguments: [full])
      choice = max(choice, next ?? 2)
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO taken VALUES (?, ?)").execute(
        arguments: [full, choice + 1])
    }
  }

  /// Returns the items behind a position, at most 200.
  func page(after position: Int) throws -> [PreparationItem] {
    try database.read { database in
      try Row.fetchAll(
        try database.cachedStatement(sql: "SELECT * FROM items WHERE position > ? ORDER BY position LIMIT 200"),
        arguments: [position]
      ).compactMap { PreparationItem($0) }
    }
  }

  /// Records an item's outcome.
  func settle(_ item: PreparationItem) throws {
    try database.write { database in
      try database.cachedStatement(sql: "UPDATE items SET state = ?, output = ?, outcome = ? WHERE position = ?")
        .execute(
          arguments: [item.state.rawValue, item.output, Data(item.outcome), item.position])
    }
  }

  /// Returns the number of files that workers are to examine.
  func countWork() throws -> Int {
    try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM items WHERE need > 0") ?? 0 }
  }

  /// Returns `true` if this run has an output of that name.
  func lists(_ output: String) throws -> Bool {
    try database.read { database in
      try Int.fetchOne(
        try database.cachedStatement(sql: "SELECT 1 FROM items WHERE output = ? AND state <> 4"), arguments: [output])
        != nil
    }
  }

  /// Creates the index that `lists` uses, once all items are settled.
  func index() throws {
    try database.write { try $0.execute(sql: "CREATE INDEX IF NOT EXISTS outputs ON items (output)") }
  }
}

extension PreparationItem {
  /// Reads the item in a row of the list; `nil` if the row holds none.
  fileprivate init?(_ row: Row) {
    guard let need = Need(rawValue: row["need"]), let state = State(rawValue: row["state"]) else { return nil }
    position = row["position"]
    source = RawPath(row, "source")
    self.need = need
    directory = row["directory"]
    stem = row["stem"]
    self.state = state
    output = row["output"]
    outcome = (row["outcome"] as Data?).map { [UInt8]($0) } ?? []
  }
}
