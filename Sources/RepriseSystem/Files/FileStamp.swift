#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which file something is and when it last changed, as the file system tells it.
///
/// `changed` is set by the system alone, at every change of bytes, name or mode: an edit that puts size and `modified`
/// back as they were still shows in it.
public struct FileStamp: Sendable, Hashable, Codable {
  /// The file system it is in.
  public let device: Int64
  /// Its number there.
  public let number: Int64
  /// Its size in bytes.
  public let size: Int64
  /// When its bytes were last changed, in nanoseconds since 1970; programs can set it (st_mtim).
  public let modified: Int64
  /// When anything of it last changed, in nanoseconds since 1970; programs can't set it (st_ctim).
  public let changed: Int64

  init(_ status: stat) {
    device = Int64(truncatingIfNeeded: status.st_dev)
    number = Int64(truncatingIfNeeded: status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Glibc)
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    self.modified = Self.nanoseconds(modified)
    self.changed = Self.nanoseconds(changed)
  }

  /// The regular file at a path, links followed; nil where there is none.
  public init?(at path: RawPath) {
    var status = stat()
    guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.init(status)
  }

  /// Times far from ours wrap round instead of ending the program: they are only compared.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

extension FileStamp {
  /// The regular file that is open; nil if it is none.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }
}

extension FileStamp {
  /// A stamp that was kept.
  package init(device: Int64, number: Int64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.number = number
    self.size = size
    self.modified = modified
    self.changed = changed
  }
}
