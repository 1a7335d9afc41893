package import RepriseSystem

/// A report file that has no name until it is complete, written in blocks.
package struct ReportFile: ~Copyable {
  private let file: TemporaryFile
  private var buffer: [UInt8] = []

  /// Creates a file.
  ///
  /// - Throws: `FileError` if the directory is missing or not writable, or the file exists and may not be replaced.
  package init(path: String, replacing: Bool) throws(FileError) {
    file = try TemporaryFile(for: path, replacing: replacing, isNameless: true)
  }

  /// Appends a text.
  ///
  /// - Throws: `FileError` if the disk is full.
  package mutating func write(_ text: String) throws(FileError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes everything to the disk and gives the file its name.
  ///
  /// - Throws: `FileError` if that fails; nothing is left then.
  package consuming func commit() throws(FileError) {
    try flush()
    try file.commit()
  }

  private mutating func flush() throws(FileError) {
    try file.write(buffer[...])
    buffer.removeAll(keepingCapacity: true)
  }
}
