import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What tells one state of a file from another: if any of it changes while the file is sent, the file has changed.
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

/// An audio file that is open for reading.
struct AudioSource: ~Copyable {
  let path: String
  private let file: OwnedFile

  /// Opens a plain file.
  ///
  /// - Throws: `ServiceError` (`io`) if it is missing, not a plain file, or not readable.
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

  /// The file as it is now.
  func state() throws(ServiceError) -> FileState {
    do { return FileState(try file.status().stamp) } catch { throw unreadable(error) }
  }

  /// Goes on reading so many bytes from the beginning.
  func seek(to offset: Int) throws(ServiceError) {
    do { try file.seek(to: offset) } catch { throw unreadable(error) }
  }

  /// Reads on until `block` is full or the file ends.
  ///
  /// - Returns: how many bytes were read.
  func read(into block: inout [UInt8]) throws(ServiceError) -> Int {
    do { return try file.fill(&block) } catch { throw unreadable(error) }
  }

  private func unreadable(_ error: FileError) -> ServiceError {
    ServiceError(.io, .request(.unreadable(path: path, isOpen: true, errno: error.errno)))
  }
}
