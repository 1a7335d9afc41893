internal import Foundation
internal import GRDB
internal import RepriseSystem

/// Reading and writing of rows.
extension PreparedLedger {
  /// Writes a row to a table, replacing one of the same source and output.
  static func put(_ row: Row, in table: String, _ database: Database) throws {
    let (source, output) = (row.sourceStamp, row.outputStamp)
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO \(table) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        Data(row.source.bytes), row.output, row.terms, source.device, source.number, source.size, source.modified,
        source.changed, row.ends.map { Data($0) }, output.device, output.number, output.size, output.modified,
        output.changed, Data(row.digest), Data(row.facts),
      ])
  }

  /// Returns the rows of a table that satisfy a condition in SQL.
  func rows(
    _ table: String, where condition: String, _ arguments: StatementArguments
  ) throws(ScanError) -> [Row] {
    do {
      return try database.read { database in
        let statement = try database.cachedStatement(
          sql: """
            SELECT source, output, terms, sDevice, sNumber, sSize, sModified, sChanged, ends,
              oDevice, oNumber, oSize, oModified, oChanged, digest, facts FROM \(table) WHERE \(condition)
            """)
        return try GRDB.Row.fetchAll(statement, arguments: arguments).compactMap { Self.row($0) }
      }
    } catch { throw Self.unusable(directory.record, error) }
  }

  /// Returns a row as it was written; `nil` for a row that was damaged or changed by others.
  private static func row(_ row: GRDB.Row) -> Row? {
    func value<Value: DatabaseValueConvertible>(_ column: String, _: Value.Type = Value.self) -> Value? {
      Value.fromDatabaseValue(row[column] as DatabaseValue)
    }
    func stamp(_ letter: String) -> FileStamp? {
      let numbers = ["Device", "Number", "Size", "Modified", "Changed"].compactMap { value(letter + $0, Int64.self) }
      guard numbers.count == 5 else { return nil }
      return FileStamp(
        device: numbers[0], number: numbers[1], size: numbers[2], modified: numbers[3], changed: numbers[4])
    }
    guard let source = value("source", Data.self), let output = value("output", String.self),
      let terms = value("terms", String.self), let sourceStamp = stamp("s"), let outputStamp = stamp("o"),
      let digest = value("digest", Data.self), let facts = value("facts", Data.self)
    else { return nil }
    return Row(
      source: RawPath([UInt8](source)), output: output, terms: terms, sourceStamp: sourceStamp,
      ends: value("ends", Data.self).map { [UInt8]($0) }, outputStamp: outputStamp, digest: [UInt8](digest),
      facts: [UInt8](facts))
  }
}
