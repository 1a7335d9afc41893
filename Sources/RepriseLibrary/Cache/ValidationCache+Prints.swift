internal import Foundation
internal import GRDB
internal import RepriseSystem

extension ValidationCache {
  /// A fingerprint that is kept, and the digest of the file's ends if its stamp alone is not to be trusted.
  struct KeptPrint {
    let print: Fingerprint
    let ends: [UInt8]?
  }

  /// Maximum length of a fingerprint in bytes; two minutes are four thousand.
  private static let longestPrint = 1 << 18

  /// Returns the kept fingerprint of a file, if its stamp is unchanged.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - stamp: The file's stamp now.
  ///   - tool: The program that makes fingerprints, with its version.
  /// - Returns: The fingerprint; `nil` if none is kept or the stamp differs.
  /// - Throws: `ScanError` if the cache can't be read.
  func print(of path: RawPath, stamp: FileStamp, tool: String) throws(ScanError) -> KeptPrint? {
    do {
      return try database.read { database in
        let row = try Row.fetchOne(
          try database.cachedStatement(
            sql: """
              SELECT print, seconds, ends FROM prints WHERE device = ? AND number = ? AND path = ? AND size = ?
              AND modified = ? AND changed = ? AND tool = ?
              """),
          arguments: [
            stamp.device, stamp.number, Data(path.bytes), stamp.size, stamp.modified, stamp.changed, tool,
          ])
        guard let row, let bytes: Data = row.checked(0), bytes.count <= Self.longestPrint,
          let ends = row.checkedBytes(2), let print = Fingerprint([UInt8](bytes), seconds: row.checked(1)),
          print.seconds.map({ (0...1e12).contains($0) }) ?? true
        else { return nil }
        return KeptPrint(print: print, ends: ends)
      }
    } catch {
      throw Self.unusable(self.path, error)
    }
  }

  /// Keeps a fingerprint.
  func keep(_ kept: KeptPrint, of path: RawPath, stamp: FileStamp, tool: String) throws(ScanError) {
    do {
      try database.write { database in
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO prints VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .execute(
            arguments: [
              stamp.device, stamp.number, Data(path.bytes), stamp.size, stamp.modified, stamp.changed,
              kept.ends.map { Data($0) }, tool, kept.print.seconds, Data(kept.print.encoded),
            ])
      }
    } catch {
      throw Self.unusable(self.path, error)
    }
  }
}
