import RepriseAudio
import RepriseSystem

/// A copy of unchanged bytes, with a new header in front where one is needed.
struct ByteTransfer {
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  // Small enough for malloc to reuse the same pages: blocks of 1 MB would each be mapped and cleared anew.
  private static let block = 1 << 16

  /// Appends a stretch of a file to `output`.
  ///
  /// - Parameters:
  ///   - range: The byte offsets of the stretch.
  ///   - file: The source.
  ///   - output: The output.
  /// - Throws: `AudioFileError` if the source cannot be read, `FileError` if the output cannot be written, or
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
