internal import RepriseSystem

/// A file open for reading, readable to its end even if it expires meanwhile.
final class DownloadFile: Sendable {
  /// Length of the file when it was opened, in bytes.
  let byteCount: Int
  private let file: OwnedFile

  /// Opens the file.
  ///
  /// - Throws: `FileError`.
  init(path: String) throws {
    let opened = try OwnedFile(reading: path)
    byteCount = try opened.status().byteCount
    file = opened
  }

  /// Reads `count` bytes at `offset`, fewer at the end of the file.
  ///
  /// - Throws: `FileError`.
  func read(at offset: Int, count: Int) throws -> [UInt8] {
    try file.bytes(at: offset, count: count)
  }
}
