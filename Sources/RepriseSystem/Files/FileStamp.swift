import SystemPackage

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

  init(_ status: Stat) {
    device = Int64(truncatingIfNeeded: status.deviceID.rawValue)
    number = Int64(truncatingIfNeeded: status.inode.rawValue)
    size = status.size
    modified = Self.nanoseconds(Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    changed = Self.nanoseconds(Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec))
  }

  /// The regular file at a path, links followed; nil where there is none.
  public init?(at path: RawPath) {
    guard let status = unsafe path.withCString({ try? unsafe Stat($0) }), status.type == .regular else { return nil }
    self.init(status)
  }

  /// Times far from ours wrap round instead of ending the program: they are only compared.
  private static func nanoseconds(_ seconds: Int64, _ nanoseconds: Int64) -> Int64 {
    seconds &* 1_000_000_000 &+ nanoseconds
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
