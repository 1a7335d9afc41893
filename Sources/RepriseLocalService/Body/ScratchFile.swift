internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A new private file that is written sequentially and removed unless it is kept.
package struct ScratchFile: ~Copyable {
  /// Path of the file.
  package let path: String
  /// Number of bytes written, those still buffered included.
  package private(set) var byteCount = 0
  private let file: OwnedFile
  private var buffer: [UInt8] = []
  private var isKept = false

  private static let bufferSize = 262_144

  /// Creates the file, mode 0600.
  ///
  /// - Throws: `FileError` if the file exists already or cannot be created.
  package init(path: String) throws {
    file = try OwnedFile(creating: path)
    self.path = path
  }

  /// Appends bytes.
  ///
  /// - Throws: `FileError`, for example when the disk is full.
  package mutating func append(_ bytes: [UInt8]) throws {
    buffer += bytes
    byteCount += bytes.count
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes the buffered bytes and keeps the file beyond the lifetime of this value.
  package mutating func keep() throws {
    try flush()
    isKept = true
  }

  private mutating func flush() throws {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  deinit {
    if !isKept { unsafe unlink(path) }
  }
}
