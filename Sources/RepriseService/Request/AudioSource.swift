import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What tells one state of a file from another: if any of it changes while the file is sent, the file has changed.
struct FileState: Sendable, Equatable {
  let bytes: Int
  private let inode: UInt64
  private let seconds: Int
  private let nanoseconds: Int

  fileprivate init(_ status: stat) {
    bytes = Int(status.st_size)
    inode = UInt64(status.st_ino)
    #if canImport(Glibc)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    #else
      seconds = status.st_mtimespec.tv_sec
      nanoseconds = status.st_mtimespec.tv_nsec
    #endif
  }
}

/// An open file, closed when the value goes.
private struct Descriptor: ~Copyable {
  let number: Int32
  deinit { close(number) }
}

/// An audio file that is open for reading.
struct AudioSource: ~Copyable {
  let path: String
  private let file: Descriptor

  /// Opens a plain file.
  ///
  /// - Throws: `ServiceError` (`io`) if it is missing, not a plain file, or not readable.
  init(path: String) throws(ServiceError) {
    // O_NONBLOCK: a FIFO by that name must not hang us; it is refused below.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw ServiceError(.io, .request(.unreadable(path: path, isOpen: false, errno: errno)))
    }
    let file = Descriptor(number: descriptor)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ServiceError(.io, .request(.notRegular(path: path)))
    }
    self.path = path
    self.file = file
  }

  /// The file as it is now.
  func state() throws(ServiceError) -> FileState {
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else {
      throw ServiceError(.io, .request(.unreadable(path: path, isOpen: true, errno: errno)))
    }
    return FileState(status)
  }

  /// Goes on reading so many bytes from the beginning.
  func seek(to offset: Int) throws(ServiceError) {
    guard lseek(file.number, off_t(offset), SEEK_SET) == off_t(offset) else {
      throw ServiceError(.io, .request(.unreadable(path: path, isOpen: true, errno: errno)))
    }
  }

  /// Reads on until `block` is full or the file ends.
  ///
  /// - Returns: how many bytes were read.
  func read(into block: inout [UInt8]) throws(ServiceError) -> Int {
    var filled = 0
    while filled < block.count {
      let count = unsafe block.withUnsafeMutableBytes { bytes in
        unsafe Foundation.read(file.number, bytes.baseAddress?.advanced(by: filled), bytes.count - filled)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw ServiceError(.io, .request(.unreadable(path: path, isOpen: true, errno: errno)))
      }
      filled += count
    }
    return filled
  }
}
