import RepriseAudio
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
  func copy(_ range: Range<Int>, of file: borrowing InputFile, to output: CInt, path: String) throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      try cancellation.check()
      let bytes = try file.bytes(at: offset, count: min(ByteTransfer.block, range.upperBound - offset))
      guard !bytes.isEmpty else {
        throw PreparationError(.changed(.becameShorter), path: file.path)
      }
      try write(bytes, to: output, path: path)
      offset += bytes.count
      progress(Double(offset - range.lowerBound) / Double(range.count))
    }
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8], to output: CInt, path: String) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let put = unsafe bytes.withUnsafeBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        return unsafe systemWrite(output, base + start, bytes.count - start)
      }
      if put < 0 {
        if errno == EINTR { continue }
        throw FileError(errno: errno, path: path, doing: "write")
      }
      start += put
    }
  }
}

// Outside the struct, whose own `write` hides the system's.
private func systemWrite(_ descriptor: CInt, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, buffer, count)
}
