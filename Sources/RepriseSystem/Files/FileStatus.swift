import SystemPackage

/// The status of a file, as reported by the system.
package struct FileStatus: Sendable, Equatable {
  /// The type of a file.
  package enum Kind: Sendable, Equatable {
    case regular, directory, pipe, socket
    /// A character or block device.
    case device
    case other
  }

  /// The file's type.
  package let kind: Kind
  /// The file's size in bytes.
  package let byteCount: Int
  /// The file's identity and the time of its last change.
  package let stamp: FileStamp

  init(_ status: Stat) {
    kind =
      switch status.type {
      case .regular: .regular
      case .directory: .directory
      case .fifo: .pipe
      case .socket: .socket
      case .characterSpecial, .blockSpecial: .device
      default: .other
      }
    byteCount = Int(status.size)
    stamp = FileStamp(status)
  }

  /// Reads the status of the file at a path, links followed, by a name that need not be UTF-8.
  ///
  /// - Parameters:
  ///   - name: The path, with its terminating zero.
  ///   - path: The path that errors name.
  /// - Throws: `FileError` if the file can't be examined.
  package init(at name: [CChar], path: String) throws(FileError) {
    do throws(Errno) { self.init(try unsafe Stat(name)) } catch {
      throw FileError(errno: error.rawValue, path: path, doing: "read")
    }
  }

  /// Reads the status of the file at a path, links followed.
  ///
  /// - Throws: `FileError` if the file can't be examined.
  package init(at path: String) throws(FileError) {
    do throws(Errno) { self.init(try unsafe Stat(path)) } catch {
      throw FileError(errno: error.rawValue, path: path, doing: "read")
    }
  }
}
