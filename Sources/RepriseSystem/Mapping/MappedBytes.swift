#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of an open file, mapped into memory and read without copying.
///
/// The descriptor may be closed once this exists. A file that becomes shorter while it is mapped reads as zeros behind
/// its new end, where the system would end the process with SIGBUS: `isCut` reports it, unless the new end lies in the
/// same page.
@safe package struct MappedBytes: ~Copyable {
  private let start: UnsafeMutableRawPointer?
  private let slot: MappingGuard.Slot?
  /// The number of bytes.
  package let count: Int

  /// Maps the first `count` bytes of a regular file for reading.
  ///
  /// - Throws: `FileError` where the system refuses, or where too many files are mapped already.
  package init(_ file: BorrowedFile, count: Int) throws(FileError) {
    guard count > 0 else {
      unsafe start = nil
      slot = nil
      self.count = 0
      return
    }
    guard let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0), unsafe mapped != MAP_FAILED
    else { throw FileError(errno: errno, path: file.path, doing: "map") }
    guard let slot = unsafe MappingGuard.shared.add(UnsafeRawPointer(mapped), count) else {
      unsafe munmap(mapped, count)
      throw FileError(errno: ENOMEM, path: file.path, doing: "map")
    }
    unsafe start = mapped
    self.slot = slot
    self.count = count
  }

  deinit {
    if let slot { MappingGuard.shared.remove(slot) }
    if let start = unsafe start { unsafe munmap(start, count) }
  }

  /// `true` if bytes were read that the file does not have any more, or that could not be read.
  package var isCut: Bool { slot.map { MappingGuard.shared.isCut($0) } ?? false }

  /// Lets the system reclaim the memory of all bytes before `end`; they are read from the file again on demand.
  ///
  /// Without this call a process that goes through a large file seems to hold all of it.
  package func forget(before end: Int) {
    guard let start = unsafe start else { return }
    let page = Int(getpagesize())
    let whole = min(max(end, 0), count) / page * page
    if whole > 0 { unsafe madvise(start, whole, MADV_DONTNEED) }
  }

  /// Number of bytes after which to call ``forget(before:)``.
  package static let forgotten = 1 << 18

  /// Calls `body` with all bytes.
  package func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return try body(unsafe RawSpan(_unsafeBytes: buffer))
  }
}
