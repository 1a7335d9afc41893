#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file that is open for reading, closed when the value goes.
package struct ReadableFile: ~Copyable {
  private let handle: FileLock.Handle
  private let path: String

  /// - Throws: `FileError` if it is missing, a folder, a pipe or device, or not readable.
  package init(path: String) throws(FileError) {
    // O_NONBLOCK: a pipe by that name must not hang us; it is refused below.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, doing: "read") }
    let handle = FileLock.Handle(descriptor: descriptor)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(errno: errno, path: path, doing: "read") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError(.isFolder, path: path, doing: "read")
    default: throw FileError(.special, path: path, doing: "read")
    }
    self.handle = handle
    self.path = path
  }

  /// Reads on, at most as much as `block` holds.
  ///
  /// - Returns: how many bytes were read, 0 at the end.
  package func read(into block: inout [UInt8]) throws(FileError) -> Int {
    while true {
      let count = unsafe block.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          unsafe Glibc.read(handle.descriptor, bytes.baseAddress, bytes.count)
        #else
          unsafe Darwin.read(handle.descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(errno: errno, path: path, doing: "read") }
    }
  }
}
