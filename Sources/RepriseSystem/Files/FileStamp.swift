import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The identity of a file and the time of its last change, as reported by the file system.
///
/// `changed` is set by the system alone, at every change of bytes, name or mode: an edit that restores the size and
/// `modified` still shows in `changed`.
package struct FileStamp: Sendable, Hashable, Codable {
  /// The device number of the file's file system (st_dev).
  package let device: Int64
  /// The file's number in its file system (st_ino).
  package let number: Int64
  /// The file's size in bytes.
  package let size: Int64
  /// Time at which the file's bytes were last changed, in nanoseconds since 1970; programs can set it (st_mtim).
  package let modified: Int64
  /// Time at which anything of the file last changed, in nanoseconds since 1970; programs can't set it (st_ctim).
  package let changed: Int64

  init(_ status: Stat) {
    device = Int64(truncatingIfNeeded: status.deviceID.rawValue)
    number = Int64(truncatingIfNeeded: status.inode.rawValue)
    size = status.size
    modified = Self.nanoseconds(Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    changed = Self.nanoseconds(Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec))
  }

  /// Creates the stamp of the regular file at a path, links followed; `nil` if there is none.
  package init?(at path: RawPath) {
    guard let status = unsafe path.withCString({ try? unsafe Stat($0) }), status.type == .regular else { return nil }
    self.init(status)
  }

  /// Combines seconds and nanoseconds; times out of range wrap round instead of ending the program, since they are only
  /// compared.
  private static func nanoseconds(_ seconds: Int64, _ nanoseconds: Int64) -> Int64 {
    seconds &* 1_000_000_000 &+ nanoseconds
  }
}

extension FileStamp {
  /// Creates a stamp from stored values.
  package init(device: Int64, number: Int64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.number = number
    self.size = size
    self.modified = modified
    self.changed = changed
  }
}
