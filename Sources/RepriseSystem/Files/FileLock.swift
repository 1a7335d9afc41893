#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock between processes, held from `init` until `release` or the value's end (flock(2)).
public struct FileLock: ~Copyable, Sendable {
  private let handle: Handle

  /// Waits until nobody else holds the lock; makes the file if there is none.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  public init(path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, doing: "create") }
    let handle = Handle(descriptor: descriptor)
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError(errno: errno, path: path, doing: "lock") }
    }
    self.handle = handle
  }

  /// The lock if nobody else holds it now, else nil; makes the file if there is none, but not through a link.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  public init?(ifFree path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, doing: "create") }
    let handle = Handle(descriptor: descriptor)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      guard errno == EINTR else { throw FileError(errno: errno, path: path, doing: "lock") }
    }
    self.handle = handle
  }

  /// Lets others have it.
  public consuming func release() {}

  // Not private: Swift 6.3.1 then drops metadata that users of the module link against.
  struct Handle: ~Copyable, Sendable {
    let descriptor: Int32

    deinit { close(descriptor) }
  }
}
