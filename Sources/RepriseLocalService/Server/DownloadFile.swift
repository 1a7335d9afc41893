internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A file open for reading: it can be read to its end even if it expires meanwhile.
final class DownloadFile: Sendable {
  /// Its length when it was opened.
  let byteCount: Int
  private let descriptor: Int32
  private let path: String

  /// Opens the file.
  ///
  /// - Throws: `FileError`.
  init(path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, doing: "open") }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
  }

  /// Reads `count` bytes at `offset`, fewer at the end of the file.
  ///
  /// - Throws: `FileError`.
  func read(at offset: Int, count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe pread(descriptor, buffer.baseAddress, count, off_t(offset))
    }
    guard got >= 0 else { throw FileError(errno: errno, path: path, doing: "read") }
    bytes.removeLast(count - got)
    return bytes
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
