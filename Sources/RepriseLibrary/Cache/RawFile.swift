package import RepriseSystem

/// A regular file opened by the bytes of its path.
package struct RawFile: ~Copyable {
  private let file: OwnedFile
  /// The file's stamp when it was opened.
  package let stamp: FileStamp

  /// Opens a file for reading.
  ///
  /// - Throws: `FileError` if the file is missing, not a regular file, or not readable.
  package init(_ path: RawPath) throws(FileError) {
    // Checked first, since a pipe or a device must not even be opened.
    guard FileStamp(at: path) != nil else {
      throw FileError(FileKind(at: path) == .nothing ? .missing : .special, path: path.text, doing: "read")
    }
    let opened = try OwnedFile(reading: path)
    stamp = try opened.status().stamp
    file = opened
  }

  /// A name that leads to the file as long as it is open.
  package var alias: String { file.alias }

  /// Returns the SHA-256 of a range of the file, or of all of it.
  package func digest(of range: Range<Int>?, check: () throws -> Void = {}) throws -> [UInt8] {
    var digest = try SHA256()
    try feed(range ?? 0..<Int(stamp.size), to: &digest, check: check)
    return try digest.finish()
  }

  /// Returns the SHA-256 of the file's first and last 64 kB.
  func endsDigest() throws -> [UInt8] {
    let length = 65536
    let size = Int(stamp.size)
    var digest = try SHA256()
    try feed(0..<min(length, size), to: &digest)
    try feed(max(min(length, size), size - length)..<size, to: &digest)
    return try digest.finish()
  }

  private func feed(_ range: Range<Int>, to digest: inout SHA256, check: () throws -> Void = {}) throws {
    var block = [UInt8](repeating: 0, count: min(1 << 18, range.count))
    var offset = range.lowerBound
    while offset < range.upperBound {
      try check()
      block.removeLast(max(block.count - (range.upperBound - offset), 0))
      try file.read(exactly: &block, at: offset)
      unsafe digest.update(block.span.bytes)
      offset += block.count
    }
  }
}
