import SystemPackage

/// An open file, independent of its owner, with operations through swift-system.
///
/// Interrupted calls are made again, and every error is a `FileError` with the system's number and the file's path.
package protocol OpenFile: ~Copyable {
  /// The descriptor, for C.
  var descriptor: CInt { get }
  /// The path that errors name.
  var path: String { get }
}

extension OpenFile where Self: ~Copyable {
  private var file: FileDescriptor { FileDescriptor(rawValue: descriptor) }

  private func failure(_ error: any Error, _ doing: String) -> FileError {
    FileError(errno: (error as? Errno)?.rawValue ?? Errno.ioError.rawValue, path: path, doing: doing)
  }

  /// Reads on until `block` is full or the file ends.
  ///
  /// - Returns: The number of bytes read.
  package func fill(_ block: inout [UInt8]) throws(FileError) -> Int {
    try unsafe block.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try unsafe fill(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Reads on until `buffer` is full or the file ends.
  ///
  /// - Returns: The number of bytes read.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do {
      var filled = 0
      while filled < buffer.count {
        let got = try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        if got == 0 { break }
        filled += got
      }
      return filled
    } catch { throw failure(error, "read") }
  }

  /// Reads from `offset` until `buffer` is full or the file ends, without moving the file's position.
  ///
  /// - Returns: The number of bytes read.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do {
      var filled = 0
      while filled < buffer.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let got = try unsafe file.read(fromAbsoluteOffset: Int64(offset + filled), into: rest)
        if got == 0 { break }
        filled += got
      }
      return filled
    } catch { throw failure(error, "read") }
  }

  /// Fills `block` with the bytes from `offset`, without moving the file's position.
  ///
  /// - Throws: `FileError`, also where the file ends before `block` is full.
  package func read(exactly block: inout [UInt8], at offset: Int) throws(FileError) {
    let got = try unsafe block.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
    guard got == block.count else { throw failure(Errno.ioError, "read") }
  }

  /// Returns up to `count` bytes from `offset`; fewer only at the end of the file.
  package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var problem: FileError?
    let found = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FileError) {
        filled = try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch { problem = error }
    }
    if let problem { throw problem }
    return found
  }

  /// Writes all bytes at the file's position.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    do {
      var written = 0
      while written < bytes.count {
        let put = try unsafe file.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
        guard put > 0 else { throw Errno.ioError }
        written += put
      }
    } catch { throw failure(error, "write") }
  }

  /// Writes all bytes at the file's position.
  package func write(_ bytes: ArraySlice<UInt8>) throws(FileError) {
    try unsafe bytes.withUnsafeBufferPointer { buffer throws(FileError) in
      try unsafe write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Writes all bytes at the file's position.
  package func write(_ bytes: [UInt8]) throws(FileError) { try write(bytes[...]) }

  /// Writes all bytes at an offset, without moving the file's position.
  ///
  /// - Parameters:
  ///   - bytes: The bytes to write.
  ///   - offset: The offset; afterwards, the offset behind the last byte that was written, also if the rest could not
  ///     be.
  /// - Throws: `FileError` if the bytes can't be written.
  package func write(_ bytes: ArraySlice<UInt8>, at offset: inout Int) throws(FileError) {
    do {
      try unsafe bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
          let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
          let put = try unsafe file.write(toAbsoluteOffset: Int64(offset), rest)
          guard put > 0 else { throw Errno.ioError }
          written += put
          offset += put
        }
      }
    } catch { throw failure(error, "write") }
  }

  /// Returns the offset at which the next byte is read or written.
  package func position() throws(FileError) -> Int {
    do { return Int(try file.seek(offset: 0, from: .current)) } catch { throw failure(error, "read") }
  }

  /// Moves the file's position to an offset in bytes from its start.
  package func seek(to offset: Int) throws(FileError) { try seek(by: offset, from: 0) }

  /// Moves the file's position.
  ///
  /// - Parameters:
  ///   - offset: The number of bytes.
  ///   - whence: The origin that the offset is counted from, as in `lseek(2)`.
  /// - Returns: The position from the file's start.
  /// - Throws: `FileError` if the file has no such position.
  @discardableResult
  package func seek(by offset: Int, from whence: CInt) throws(FileError) -> Int {
    do {
      return Int(try file.seek(offset: Int64(offset), from: FileDescriptor.SeekOrigin(rawValue: whence)))
    } catch { throw failure(error, "read") }
  }

  /// Returns the file's current status.
  package func status() throws(FileError) -> FileStatus {
    do { return FileStatus(try Stat(file)) } catch { throw failure(error, "read") }
  }

  /// Truncates the file to a number of bytes.
  package func truncate(to count: Int) throws(FileError) {
    do { try file.resize(to: Int64(count)) } catch { throw failure(error, "write") }
  }
}

/// An open file that is closed by another owner, for C callbacks whose context can't hold that owner.
///
/// The value must not outlive its `OwnedFile`.
package struct BorrowedFile: OpenFile, Sendable {
  package let descriptor: CInt
  package let path: String

  /// Creates a file from its descriptor.
  ///
  /// - Parameters:
  ///   - descriptor: An open file that stays open as long as this value is used.
  ///   - path: The path that errors name.
  package init(descriptor: CInt, path: String) {
    self.descriptor = descriptor
    self.path = path
  }
}
