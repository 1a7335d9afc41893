import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The state of a file; a difference while the file is being sent means that the file has changed.
struct FileState: Sendable, Equatable {
  let bytes: Int
  private let number: Int64
  private let modified: Int64

  fileprivate init(_ stamp: FileStamp) {
    bytes = Int(stamp.size)
    number = stamp.number
    modified = stamp.modified
  }
}

/// An audio file open for reading.
struct AudioSource: ~Copyable {
  let path: String
  private let file: OwnedFile

  /// Opens a regular file.
  ///
  /// - Parameter path: The path of the file.
  /// - Throws: `ServiceError` (`io`) if the file is missing, not regular, or not readable.
  init(path: String) throws(ServiceError) {
    file = try AudioSource.open(path)
    self.path = path
  }

  private static func open(_ path: String) throws(ServiceError) -> OwnedFile {
    do { return try OwnedFile(reading: path) } catch {
      throw error.errno == 0
        ? ServiceError(.io, .request(.notRegular(path: path)))
        : ServiceError(.io, .request(.unreadable(path: path, isOpen: false, errno: error.errno)))
    }
  }

  /// Returns the current state of the file.
  func state() throws(ServiceError) -> FileState {
    do { return FileState(try file.status().stamp) } catch { throw unreadable(error) }
  }

  /// Sets the position for reading, in bytes from the beginning.
  func seek(to offset: Int) throws(ServiceError) {
    do { try file.seek(to: offset) } catch { throw unreadable(error) }
  }

  /// Reads until `block` is full or the file ends.
  ///
  /// - Parameter block: The buffer.
  /// - Returns: The number of bytes read.
  /// - Throws: `ServiceError` (`io`) if reading fails.
  func read(into block: inout [UInt8]) throws(ServiceError) -> Int {
    do { return try file.fill(&block) } catch { throw unreadable(error) }
  }

  private func unreadable(_ error: FileError) -> ServiceError {
    ServiceError(.io, .request(.unreadable(path: path, isOpen: true, errno: error.errno)))
  }
}
