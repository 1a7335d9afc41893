import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The identity of the file that a path leads to, which is the same through links and other spellings of the path.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let number: UInt64

  /// Creates the identity of the file at a path, links followed; `nil` if there is none.
  package init?(at path: String) {
    guard let status = try? unsafe Stat(path) else { return nil }
    device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
    number = UInt64(truncatingIfNeeded: status.inode.rawValue)
  }

  /// Returns the size and the time of the last change of the file at a path, as a text that changes when either does;
  /// `nil` if there is no file.
  package static func stamp(at path: String) -> String? {
    // What was fetched under the same name is another file each time.
    guard let status = try? unsafe Stat(StandIns.path(for: path)) else { return nil }
    return "\(status.size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
