internal import Foundation
internal import GRDB
package import RepriseSystem

/// The files of a run in the order of their paths, however many: they wait in a temporary database, which goes with us.
package final class PreparationList: Sendable {
  private struct Waiting {
    let source: RawPath
    let need: PreparationItem.Need
  }

  private let database: DatabaseQueue
  private let names: PreparedNames
  private let waiting = Monitor<[Waiting]>([])

  /// An empty list.
  package init(names: PreparedNames) throws {
    self.names = names
    database = try DatabaseQueue(path: "")
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE items (place INTEGER PRIMARY KEY, source BLOB NOT NULL, need INTEGER NOT NULL, folder TEXT NOT NULL,
            stem TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, output TEXT NOT NULL DEFAULT '', words BLOB);
          CREATE TABLE taken (key TEXT PRIMARY KEY, next INTEGER NOT NULL DEFAULT 2) WITHOUT ROWID
          """)
    }
  }

  /// Adds a file; they come in the order of their paths, which decides who gets a name that two want.
  package func add(_ source: RawPath, _ need: PreparationItem.Need) throws {
    let isMany = waiting.withLock { waiting in
      waiting.append(Waiting(source: source, need: need))
      return waiting.count >= 256
    }
    if isMany { try flush() }
  }

  /// No more are added.
  package func flush() throws {
    let files = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    try database.write { database in
      let statement = try database.cachedStatement(
        sql: "INSERT INTO items (source, need, folder, stem) VALUES (?, ?, ?, ?)")
      for file in files {
        let place = try names.place(of: file.source)
        let stem = try Self.freeStem(for: place, in: database)
        try statement.execute(arguments: [Data(file.source.bytes), file.need.rawValue, place.folder, stem])
      }
    }
  }

  /// The best name that nobody before has, neither for its output nor for its cover. No folder has it: their names never
  /// end as files' do.
  private static func freeStem(for place: PreparedPlace, in database: Database) throws -> String {
    let folder = place.folder.isEmpty ? "" : place.folder + "/"
    let full = "#" + PreparedNames.key(folder + place.stem + place.suffix)
    var choice = 0
    while true {
      let stem = try PreparedNames.stem(of: place, choice: choice)
      let keys = [folder + stem, "covers/" + folder + stem + "-cover"].map(PreparedNames.key)
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
      // Thousands may want one name: each begins to count where the last one ended.
      let next = try Int.fetchOne(
        try database.cachedStatement(sql: "SELECT next FROM taken WHERE key = ?"), arguments: [full])
      choice = max(choice, next ?? 2)
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO taken VALUES (?, ?)").execute(
        arguments: [full, choice + 1])
    }
  }

  /// The items behind a place, at most 200.
  package func page(after place: Int) throws -> [PreparationItem] {
    try database.read { database in
      let rows = try Row.fetchAll(
        try database.cachedStatement(
          sql: """
            SELECT place, source, need, folder, stem, state, output, words FROM items WHERE place > ?
            ORDER BY place LIMIT 200
            """), arguments: [place])
      return rows.compactMap { row -> PreparationItem? in
        guard let need = PreparationItem.Need(rawValue: row[2]), let state = PreparationItem.State(rawValue: row[5])
        else { return nil }
        return PreparationItem(
          place: row[0], source: RawPath([UInt8](row[1] as Data)), need: need, folder: row[3], stem: row[4],
          state: state, output: row[6], words: (row[7] as Data?).map { [UInt8]($0) } ?? [])
      }
    }
  }

  /// Notes what became of an item.
  func settle(_ item: PreparationItem) throws {
    try database.write { database in
      try database.cachedStatement(sql: "UPDATE items SET state = ?, output = ?, words = ? WHERE place = ?").execute(
        arguments: [item.state.rawValue, item.output, Data(item.words), item.place])
    }
  }

  /// How many files are to be looked at by workers.
  func countWork() throws -> Int {
    try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM items WHERE need > 0") ?? 0 }
  }

  /// Whether this run has an output of that name.
  func lists(_ output: String) throws -> Bool {
    try database.read { database in
      try Int.fetchOne(
        try database.cachedStatement(sql: "SELECT 1 FROM items WHERE output = ? AND state <> 4"), arguments: [output])
        != nil
    }
  }

  /// Makes `lists` quick, once all is settled.
  func index() throws {
    try database.write { try $0.execute(sql: "CREATE INDEX IF NOT EXISTS outputs ON items (output)") }
  }
}
