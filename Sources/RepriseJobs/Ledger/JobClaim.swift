public import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One process's hold on a job. It ends with the value, and with the process however that dies (flock(2)).
public final class JobClaim: Sendable {
  /// The job's folder.
  public let folder: JobFolder
  private let descriptor: Int32

  /// Takes hold of a job, making its folder where there is none.
  ///
  /// - Returns: nil if another process, or another claim of this one, has it.
  /// - Throws: `FileError` if the folder can't be made or its lock not opened.
  public static func take(_ folder: JobFolder) throws(FileError) -> JobClaim? {
    while true {
      try folder.make()
      let descriptor = unsafe open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        // Whoever had it has just removed the folder.
        if errno == ENOENT { continue }
        throw FileError(errno: errno, path: folder.lock, doing: "create")
      }
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let reason = errno
        if reason == EINTR { continue }
        close(descriptor)
        if reason == EWOULDBLOCK { return nil }
        throw FileError(errno: reason, path: folder.lock, doing: "lock")
      }
      // A lock on a file that was removed in between locks nothing out.
      if isNamed(descriptor, folder.lock) { return JobClaim(folder, descriptor) }
      close(descriptor)
    }
  }

  private init(_ folder: JobFolder, _ descriptor: Int32) {
    self.folder = folder
    self.descriptor = descriptor
  }

  private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
    var held = stat()
    var named = stat()
    guard unsafe fstat(descriptor, &held) == 0, unsafe stat(path, &named) == 0 else { return false }
    return held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }

  deinit { close(descriptor) }
}
