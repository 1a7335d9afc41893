import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that takes a synchronous service's answer as it comes, so that a paid answer outlives the process it came to.
final class AnswerFile: Sendable {
  let path: String
  let descriptor: Int32

  /// Makes the file, mode 0600, or takes one that is there and empty.
  ///
  /// - Throws: `ServiceError` (`io`) if it can't be made, or holds something already: that may be an answer that was paid for.
  init(path: String) throws(ServiceError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw ServiceError(.io, .nothingSent(FileError(errno: errno, path: path, doing: "write")))
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 else {
      close(descriptor)
      throw ServiceError(.io, .result(.earlierAnswer(path: path)))
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Puts what came on the disk. Blocks.
  ///
  /// - Throws: `ServiceError` (`io`) if the disk would not take it.
  func settle() throws(ServiceError) {
    guard fsync(descriptor) == 0 else {
      throw ServiceError(.io, .file(FileError(errno: errno, path: path, doing: "write")))
    }
  }

  /// Removes a file nobody will want: it is empty, or holds a refusal.
  func discard() { _ = unsafe unlink(path) }

  /// How much came.
  var bytes: Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  deinit { close(descriptor) }
}
