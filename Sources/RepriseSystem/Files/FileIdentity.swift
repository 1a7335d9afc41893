import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which file a path leads to, whatever it is called: the same through links and other spellings.
public struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let number: UInt64

  /// The file at a path, links followed; nil where there is none.
  public init?(at path: String) {
    guard let status = try? unsafe Stat(path) else { return nil }
    device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
    number = UInt64(truncatingIfNeeded: status.inode.rawValue)
  }

  /// Size and time of the last change of the file at a path, as a text that changes when either does; nil where there is none.
  public static func stamp(at path: String) -> String? {
    guard let status = try? unsafe Stat(path) else { return nil }
    return "\(status.size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
