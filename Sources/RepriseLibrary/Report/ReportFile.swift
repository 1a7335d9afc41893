package import RepriseSystem

/// A report on its way to the disk: nameless until it is whole, written in blocks.
package struct ReportFile: ~Copyable {
  private let file: TemporaryFile
  private var buffer: [UInt8] = []

  /// Begins a file.
  ///
  /// - Throws: `FileError` if the folder is missing or not writable, or the file exists and may not be replaced.
  package init(path: String, replacing: Bool) throws(FileError) {
    file = try TemporaryFile(for: path, replacing: replacing, isNameless: true)
  }

  /// Writes a text behind what is there.
  ///
  /// - Throws: `FileError` if the disk is full.
  package mutating func write(_ text: String) throws(FileError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Puts all on the disk and gives the file its name.
  ///
  /// - Throws: `FileError` if that can't be done; nothing is left then.
  package consuming func commit() throws(FileError) {
    try flush()
    try file.commit()
  }

  private mutating func flush() throws(FileError) {
    try file.write(buffer[...])
    buffer.removeAll(keepingCapacity: true)
  }
}
