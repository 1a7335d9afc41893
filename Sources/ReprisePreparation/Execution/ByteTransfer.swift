import RepriseAudio
import RepriseSystem

/// Copies bytes as they are, with a new header in front where there has to be one.
struct ByteTransfer {
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  // Small enough for malloc to use the same pages again: of 1 MB each block would be mapped and cleared anew.
  private static let block = 1 << 16

  /// Copies a stretch of a file behind what stands in `output` already.
  ///
  /// - Throws: `AudioFileError` if the source cannot be read, `FileError` if the output cannot be written,
  ///   `CancellationError`.
  func copy(_ range: Range<Int>, of file: borrowing InputFile, to output: BorrowedFile) throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      try cancellation.check()
      let bytes = try file.bytes(at: offset, count: min(ByteTransfer.block, range.upperBound - offset))
      guard !bytes.isEmpty else {
        throw PreparationError(.changed(.becameShorter), path: file.path)
      }
      try output.write(bytes)
      offset += bytes.count
      progress(Double(offset - range.lowerBound) / Double(range.count))
    }
  }
}
