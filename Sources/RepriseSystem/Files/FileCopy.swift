/// Copies of whole files.
public enum FileCopy {
  private static let blockSize = 1 << 18

  /// Copies a file to where it appears whole or not at all. Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - source: the file to read.
  ///   - destination: the final path, in this or another file system.
  ///   - replacing: whether a file there may be replaced.
  ///   - cancellation: asked before every block.
  /// - Returns: the bytes copied.
  /// - Throws: `FileError` naming the file that was at fault, `CancellationError`; nothing is left at the destination then.
  @discardableResult public static func copy(
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
