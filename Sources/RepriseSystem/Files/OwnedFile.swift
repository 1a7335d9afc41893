import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file that is unlocked and closed at the end of the value's lifetime.
package struct OwnedFile: ~Copyable, OpenFile, Sendable {
  package let descriptor: CInt
  package let path: String

  /// Opens a regular file for reading.
  ///
  /// A pipe or device by that name does not block; it is refused.
  ///
  /// - Throws: `FileError` if the file is missing, a directory, a pipe or device, or not readable.
  package init(reading path: String) throws(FileError) {
    descriptor = try unsafe OwnedFile.openRegular(StandIns.path(for: path), path: path)
    self.path = path
  }

  /// Opens a regular file for reading, by the bytes of its path.
  ///
  /// - Throws: `FileError` as the `init(reading:)` that takes a text does.
  package init(reading path: RawPath) throws(FileError) {
    try self.init(reading: path.bytes.map { CChar(bitPattern: $0) } + [0], path: path.text)
  }

  /// Opens a regular file for reading, by a name that need not be UTF-8.
  ///
  /// - Parameters:
  ///   - name: The path, with its terminating zero.
  ///   - path: The path that errors name.
  /// - Throws: `FileError` as `init(reading:)` does.
  package init(reading name: [CChar], path: String) throws(FileError) {
    descriptor = try unsafe OwnedFile.openRegular(name, path: path)
    self.path = path
  }

  /// Opens an existing file for reading and writing and empties it.
  ///
  /// - Throws: `FileError` if the file can't be opened or emptied.
  package init(emptying path: String) throws(FileError) {
    descriptor = try unsafe OwnedFile.open(path, .readWrite, [.truncate, .closeOnExec], path: path, doing: "write")
    self.path = path
  }

  /// Makes a new file for reading and writing.
  ///
  /// - Parameters:
  ///   - name: A path at which nothing exists yet, not even a link.
  ///   - mode: The permission bits, before the umask.
  ///   - path: The path that errors name; `nil` for `name`.
  /// - Throws: `FileError` if the name is taken, or the file can't be made.
  package init(creating name: String, mode: UInt32 = 0o600, path: String? = nil) throws(FileError) {
    descriptor = try unsafe OwnedFile.open(
      name, .readWrite, [.create, .exclusiveCreate, .closeOnExec], mode: mode, path: path ?? name, doing: "create")
    self.path = path ?? name
  }

  /// Opens a file for reading and writing, and makes it if there is none (mode 0600).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - followingLinks: `true` if the file may be reached through a symbolic link; if `false`, a pipe does not block.
  ///   - doing: The operation that errors name.
  /// - Throws: `FileError` if the file can't be made or opened.
  package init(
    openingOrCreating path: String, followingLinks: Bool = true, doing: String = "create"
  ) throws(FileError) {
    let options: FileDescriptor.OpenOptions = [.create, .closeOnExec]
    descriptor = try unsafe OwnedFile.open(
      path, .readWrite, followingLinks ? options : options.union([.noFollow, .nonBlocking]), mode: 0o600, path: path,
      doing: doing)
    self.path = path
  }

  /// Takes ownership of an open descriptor.
  init(descriptor: CInt, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  private static func open(
    _ name: UnsafePointer<CChar>, _ access: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions,
    mode: UInt32? = nil, path: String, doing: String
  ) throws(FileError) -> CInt {
    let permissions = mode.map { FilePermissions(rawValue: mode_t(truncatingIfNeeded: $0)) }
    do {
      return try unsafe FileDescriptor.open(name, access, options: options, permissions: permissions).rawValue
    } catch {
      throw FileError(errno: (error as? Errno)?.rawValue ?? EIO, path: path, doing: doing)
    }
  }

  private static func openRegular(_ name: UnsafePointer<CChar>, path: String) throws(FileError) -> CInt {
    let file = BorrowedFile(
      descriptor: try unsafe open(name, .readOnly, [.closeOnExec, .nonBlocking], path: path, doing: "read"), path: path)
    let problem: FileError
    do throws(FileError) {
      switch try file.status().kind {
      case .regular: return file.descriptor
      case .directory: problem = FileError(.isDirectory, path: path, doing: "read")
      default: problem = FileError(.special, path: path, doing: "read")
      }
    } catch { problem = error }
    try? FileDescriptor(rawValue: file.descriptor).close()
    throw problem
  }

  // Closing alone does not release a lock while a child process between fork and exec has a copy of the descriptor.
  deinit {
    _ = flock(descriptor, LOCK_UN)
    try? FileDescriptor(rawValue: descriptor).close()
  }

  /// The file for use by code that does not close it.
  package var borrowed: BorrowedFile { BorrowedFile(descriptor: descriptor, path: path) }

  /// A name that leads to the file as long as it is open.
  package var alias: String {
    #if os(Linux)
      "/proc/self/fd/\(descriptor)"
    #else
      "/dev/fd/\(descriptor)"
    #endif
  }

  /// Puts the file's bytes on the disk.
  package func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(errno: errno, path: path, doing: "write") }
  }

  /// Locks the file against other processes (flock(2)) until the value's lifetime ends.
  ///
  /// - Parameter isWaiting: `true` to wait until another process has released the lock.
  /// - Returns: `false` if another process holds the lock and `isWaiting` is `false`.
  /// - Throws: `FileError` if the file can't be locked.
  package func lock(isWaiting: Bool) throws(FileError) -> Bool {
    while flock(descriptor, isWaiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw FileError(errno: errno, path: path, doing: "lock") }
    }
    return true
  }
}
