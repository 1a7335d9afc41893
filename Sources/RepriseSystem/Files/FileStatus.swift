import SystemPackage

/// What the system knows of a file.
package struct FileStatus: Sendable, Equatable {
  /// What a file is.
  package enum Kind: Sendable, Equatable {
    case regular, directory, pipe, socket
    /// A character or block device.
    case device
    case other
  }

  /// What it is.
  package let kind: Kind
  /// Its size in bytes.
  package let byteCount: Int
  /// Which file it is and when it last changed.
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

  /// What is at a path, links followed, by a name that need not be a text.
  ///
  /// - Parameters:
  ///   - name: The path, with its end mark.
  ///   - path: What errors call it.
  /// - Throws: `FileError` if it can't be looked at.
  package init(at name: [CChar], path: String) throws(FileError) {
    do throws(Errno) { self.init(try unsafe Stat(name)) } catch {
      throw FileError(errno: error.rawValue, path: path, doing: "read")
    }
  }

  /// What is at a path, links followed.
  ///
  /// - Throws: `FileError` if it can't be looked at.
  package init(at path: String) throws(FileError) {
    do throws(Errno) { self.init(try unsafe Stat(path)) } catch {
      throw FileError(errno: error.rawValue, path: path, doing: "read")
    }
  }
}
