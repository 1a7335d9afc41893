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
  private let file: OwnedFile
  private var buffer: [UInt8] = []
  private var isKept = false

  private static let bufferSize = 262_144

  /// Creates the file, mode 0600.
  ///
  /// - Throws: `FileError` if it is there already or cannot be made.
  package init(path: String) throws {
    file = try OwnedFile(creating: path)
    self.path = path
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
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  deinit {
    if !isKept { unsafe unlink(path) }
  }
}
