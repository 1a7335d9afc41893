#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OwnedFile {
  /// Makes an empty file without a name, for reading and writing, which ends when it is closed.
  ///
  /// - Parameters:
  ///   - directory: The directory whose file system holds the bytes.
  ///   - path: The path that errors name.
  /// - Throws: `FileError` with the path of the directory if the file can't be made there.
  package init(namelessIn directory: String, path: String) throws(FileError) {
    #if os(Linux)
      // glibc's O_TMPFILE, a macro that Swift does not see.
      let flags = O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20_000_000
      let nameless = unsafe open(directory, flags, mode_t(0o600))
      if nameless >= 0 {
        self.init(descriptor: nameless, path: path)
        return
      }
    #endif
    // Where the file system has no such files, a file loses its name as soon as it is open.
    var name = Array((directory + "/reprise-XXXXXX").utf8CString)
    let descriptor = unsafe name.withUnsafeMutableBufferPointer { buffer -> CInt in
      guard let start = buffer.baseAddress else { return -1 }
      let made = unsafe mkstemp(start)
      if made >= 0 { unsafe unlink(start) }
      return made
    }
    guard descriptor >= 0 else { throw FileError(errno: errno, path: directory, doing: "create") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.init(descriptor: descriptor, path: path)
  }
}
