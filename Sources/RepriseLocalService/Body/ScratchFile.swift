internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A new private file that is written front to back and removed unless it is kept.
package struct ScratchFile: ~Copyable {
  /// Where it is.
  package let path: String
  /// Bytes written so far, those still buffered included.
  package private(set) var byteCount = 0
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isKept = false

  private static let bufferSize = 262_144

  /// Creates the file, mode 0600.
  ///
  /// - Throws: `FileError` if it is there already or cannot be made.
  package init(path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path, doing: "create") }
    self.path = path
    self.descriptor = descriptor
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError`, for one when the disk is full.
  package mutating func append(_ bytes: [UInt8]) throws {
    buffer += bytes
    byteCount += bytes.count
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is buffered and lets the file live on after this value.
  package mutating func keep() throws {
    try flush()
    isKept = true
  }

  private mutating func flush() throws {
    var start = 0
    while start < buffer.count {
      let written = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError(errno: errno, path: path, doing: "write") }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  deinit {
    close(descriptor)
    if !isKept { unsafe unlink(path) }
  }
}
