internal import RepriseService
internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The private directory (mode 0700) that holds references and results while the service runs.
///
/// A service that is killed cannot remove its directory. A running service therefore holds a lock in it, and the next
/// to start removes the directories whose lock is free.
final class WorkDirectory: Sendable {
  let path: String
  private let lock: Int32

  private static let prefix = "reprise-serve."
  private static let lockName = "lock"
  /// Age in seconds below which a directory may belong to a service that is about to take its lock.
  private static let youth = 60

  /// Creates a new directory inside `parent`, and removes those left there by services that have ended.
  ///
  /// - Throws: `FileError`.
  init(in parent: String?) throws {
    let base = parent ?? Directories.temporary()
    Self.removeAbandoned(in: base)
    path = try Directories.makePrivate(prefix: Self.prefix, in: base)
    lock = Self.openLock(in: path, flags: O_CREAT | O_EXCL)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw FileError(errno: errno, path: path, doing: "create")
    }
  }

  /// Returns a path for a new reference.
  func newReference() -> String { path + "/reference-" + GenerationID.token(21) }

  /// Returns the path of a generation's result.
  func result(_ record: GenerationRecord) -> String {
    path + "/result-" + record.signature + "." + record.submission.setting.format.rawValue
  }

  /// Removes a file that may not exist.
  func remove(_ file: String) { unsafe unlink(file) }

  /// Removes the directory and its contents.
  func removeAll() { try? FileManager.default.removeItem(atPath: path) }

  deinit { Self.unlockAndClose(lock) }

  private static func removeAbandoned(in base: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] where name.hasPrefix(prefix) {
      let directory = PathText.absolute(name, in: base)
      // A directory without a lock file is being created just now, or belongs to another program.
      let lock = openLock(in: directory, flags: 0)
      guard lock >= 0 else { continue }
      var status = stat()
      if unsafe fstat(lock, &status) == 0, status.st_uid == getuid(), age(of: status) > youth,
        flock(lock, LOCK_EX | LOCK_NB) == 0
      {
        try? FileManager.default.removeItem(atPath: directory)
      }
      unlockAndClose(lock)
    }
  }

  private static func age(of status: stat) -> Int {
    #if canImport(Glibc)
      time(nil) - status.st_mtim.tv_sec
    #else
      time(nil) - status.st_mtimespec.tv_sec
    #endif
  }

  /// Releases a lock, also where a process that is just being started still has a copy of the descriptor.
  private static func unlockAndClose(_ lock: Int32) {
    guard lock >= 0 else { return }
    flock(lock, LOCK_UN)
    close(lock)
  }

  private static func openLock(in directory: String, flags: Int32) -> Int32 {
    unsafe open(directory + "/" + lockName, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
  }
}
