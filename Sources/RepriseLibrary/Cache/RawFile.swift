package import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A regular file opened by the bytes of its path.
package struct RawFile: ~Copyable {
  private let descriptor: Int32
  private let path: RawPath
  /// What it was when it was opened.
  package let stamp: FileStamp

  /// - Throws: `FileError` if it is missing, no regular file, or not readable.
  package init(_ path: RawPath) throws(FileError) {
    // Asked first: not even opened may a pipe or a device be.
    guard FileStamp(at: path) != nil else {
      throw FileError(errno == 0 ? .special : .missing, path: path.text, doing: "read")
    }
    let descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError(errno: errno, path: path.text, doing: "read") }
    guard let stamp = FileStamp(descriptor: descriptor) else {
      close(descriptor)
      throw FileError(.special, path: path.text, doing: "read")
    }
    self.descriptor = descriptor
    self.path = path
    self.stamp = stamp
  }

  deinit { close(descriptor) }

  /// A name that leads to it as long as it is open.
  package var alias: String {
    #if os(Linux)
      "/proc/self/fd/\(descriptor)"
    #else
      "/dev/fd/\(descriptor)"
    #endif
  }

  /// SHA-256 of a part of it, or of all.
  package func digest(of range: Range<Int>?, check: () throws -> Void = {}) throws -> [UInt8] {
    var digest = try SHA256()
    try feed(range ?? 0..<Int(stamp.size), to: &digest, check: check)
    return try digest.finish()
  }

  /// SHA-256 of its first and its last 64 kB.
  func endsDigest() throws -> [UInt8] {
    let length = 65536
    let size = Int(stamp.size)
    var digest = try SHA256()
    try feed(0..<min(length, size), to: &digest)
    try feed(max(min(length, size), size - length)..<size, to: &digest)
    return try digest.finish()
  }

  private func feed(_ range: Range<Int>, to digest: inout SHA256, check: () throws -> Void = {}) throws {
    var block = [UInt8](repeating: 0, count: min(1 << 18, max(1, range.count)))
    var place = range.lowerBound
    while place < range.upperBound {
      try check()
      let wanted = min(block.count, range.upperBound - place)
      let count = unsafe block.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, wanted, off_t(place)) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(errno: count < 0 ? errno : EIO, path: path.text, doing: "read") }
      unsafe digest.update(block.span.extracting(first: count).bytes)
      place += count
    }
  }
}
