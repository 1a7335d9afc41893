internal import Foundation
internal import GRDB
internal import RepriseSystem

// Columns of the temporary databases, which hold only values that this process wrote.

extension RawPath {
  /// Reads the path in a column.
  init(_ row: Row, _ column: String) { self.init([UInt8](row[column] as Data)) }
}

extension FileStamp {
  /// Reads the stamp in the columns `device`, `number`, `size`, `modified` and `changed`.
  init(_ row: Row) {
    self.init(
      device: row["device"], number: row["number"], size: row["size"], modified: row["modified"],
      changed: row["changed"])
  }
}

extension GroupedFile: FetchableRecord {
  /// Reads the file in the columns `path`, `row` and `startsGroup`.
  init(row: Row) {
    path = RawPath(row, "path")
    self.row = row["row"]
    startsGroup = row["startsGroup"]
  }
}
