#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Copies of what a pipe, a terminal or a file at its position delivers.
package enum StreamCopy {
  private static let blockSize = 1 << 17
  /// Interval in milliseconds at which a waiting copy checks for cancellation.
  private static let tick: Int32 = 100

  /// Copies everything that a descriptor delivers until its end.
  ///
  /// Blocks: call the method inside `offPool`.
  ///
  /// - Parameters:
  ///   - descriptor: An open descriptor, which stays open.
  ///   - file: The file that receives the bytes.
  ///   - limit: The largest number of bytes that are copied.
  ///   - cancellation: A token that is checked while nothing is delivered, and before every block.
  /// - Returns: The number of bytes copied.
  /// - Throws: `FetchProblem`: `tooLarge` as soon as the limit is exceeded, `unreadable`, `file`, `cancelled`.
  package static func copy(
    _ descriptor: CInt, to file: BorrowedFile, limit: Int, cancellation: Cancellation
  ) throws(FetchProblem) -> Int {
    var block = [UInt8](repeating: 0, count: blockSize)
    var copied = 0
    while true {
      guard !cancellation.isCancelled else { throw .cancelled }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe systemPoll(&poll, 1, tick)
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { throw .unreadable(errno: errno) }
      let got = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if got < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .unreadable(errno: errno)
      }
      if got == 0 { return copied }
      copied += got
      guard copied <= limit else { throw .tooLarge(limit: limit, announced: nil) }
      do throws(FileError) { try file.write(block[..<got]) } catch { throw .file(error) }
    }
  }
}

/// `poll(2)`, whose name a local value takes.
private func systemPoll(_ entries: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: CInt) -> CInt {
  unsafe poll(entries, count, milliseconds)
}
