#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What went wrong with a file, as the system sees it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable {
    /// There is no such file.
    case missing
    /// A file is wanted and this is a folder.
    case isFolder
    /// A pipe, socket or device where a file is wanted.
    case special
    /// The folder that should hold the file is not there.
    case folderMissing
    /// The output is there already and may not be replaced.
    case exists
    /// The user may not read or write it.
    case notPermitted
    /// There is no room on the disk.
    case diskFull
    /// Something else that `errno` names.
    case system
  }

  /// What kind of trouble.
  public let code: Code
  /// The path as it was given.
  public let path: String
  /// What was being done: "read", "create", "write".
  public let doing: String
  /// The system's own number, 0 if none.
  public let errno: Int32

  /// An error without a system number.
  public init(_ code: Code, path: String, doing: String = "use") {
    self.code = code
    self.path = path
    self.doing = doing
    self.errno = 0
  }

  /// An error from the system's own number.
  public init(errno: Int32, path: String, doing: String) {
    self.errno = errno
    self.path = path
    self.doing = doing
    switch errno {
    case ENOENT, ENOTDIR, ELOOP: code = doing == "read" || doing == "open" ? .missing : .folderMissing
    case EISDIR: code = .isFolder
    case EEXIST: code = .exists
    case EACCES, EPERM, EROFS: code = .notPermitted
    case ENOSPC, EDQUOT: code = .diskFull
    default: code = .system
    }
  }

  /// One sentence: where, what, and what to do next.
  public var description: String {
    let folder = PathText.folder(of: path)
    switch code {
    case .missing: return "\(path): no such file"
    case .special: return "\(path): is a pipe or a device; name a file"
    case .isFolder: return "\(path): is a folder; name a file"
    case .folderMissing: return "\(path): \(Self.refusal(of: folder))"
    case .exists: return "\(path): already exists; use --force to replace it, or name another output"
    case .notPermitted where errno == EROFS:
      return "\(path): no file can be written there: the file system is read-only; name another output"
    case .notPermitted: return "\(path): no permission to \(doing) it; check its owner and mode"
    case .diskFull: return "\(path): the disk is full; nothing was left behind; free some space or name another output"
    case .system: return "\(path): could not \(doing) it: \(unsafe String(cString: strerror(errno)))"
    }
  }
  /// Why no file can be made in a folder, which the system's number alone does not tell: it is the same for a folder that
  /// is not there and for one that holds no files of its own, such as `/proc`.
  private static func refusal(of folder: String) -> String {
    switch FileKind(at: folder) {
    case .nothing:
      // The nearest that is there: of "a/b/c" the "a" may be a file.
      var above = PathText.folder(of: folder)
      while FileKind(at: above) == .nothing, above != PathText.folder(of: above) { above = PathText.folder(of: above) }
      return FileKind(at: above) == .folder
        ? "the folder '\(folder)' does not exist; create it first"
        : "'\(above)' is a file, not a folder; name another output"
    case .folder: return "the folder '\(folder)' takes no new files; name another output"
    case .file, .special: return "'\(folder)' is a file, not a folder; name another output"
    }
  }
}
