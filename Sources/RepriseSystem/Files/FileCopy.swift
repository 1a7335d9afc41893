/// Copies of whole files.
package enum FileCopy {
  private static let blockSize = 1 << 18

  /// Copies a file, so that the copy appears at its destination whole or not at all.
  ///
  /// Blocks: call the method inside `offPool`.
  ///
  /// - Parameters:
  ///   - source: The file to read.
  ///   - destination: The final path, in this or another file system.
  ///   - replacing: `true` if an existing file at the destination may be replaced.
  ///   - cancellation: A token that is checked before every block.
  /// - Returns: The number of bytes copied.
  /// - Throws: `FileError` naming the file that was at fault, `CancellationError`; nothing is left at the destination
  ///   then.
  @discardableResult package static func copy(
    _ source: String, to destination: String, replacing: Bool, cancellation: Cancellation = Cancellation()
  ) throws -> Int {
    let reader = try OwnedFile(reading: source)
    let file = try TemporaryFile(for: destination, replacing: replacing, isNameless: true)
    var block = [UInt8](repeating: 0, count: blockSize)
    var copied = 0
    while true {
      try cancellation.check()
      let count = try reader.fill(&block)
      if count == 0 { break }
      try file.write(block[..<count])
      copied += count
    }
    try file.commit()
    return copied
  }
}
