import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A failure of a file operation, as reported by the system.
public struct FileError: Error, Equatable, Codable, CustomStringConvertible {
  /// The kinds of failures that callers distinguish.
  package enum Code: String, Sendable, Codable {
    /// There is no such file.
    case missing
    /// The path leads to a directory where a file is required.
    case isDirectory
    /// The path leads to a pipe, socket or device where a file is required.
    case special
    /// The directory that should hold the file does not exist.
    case directoryMissing
    /// The output exists already and may not be replaced.
    case exists
    /// The user has no permission to read or write the file.
    case notPermitted
    /// There is no room on the disk.
    case diskFull
    /// The disk has room, but the user's quota is used up.
    case quotaUsedUp
    /// The file system is read-only.
    case readOnly
    /// A component of the path's directory part is a file.
    case notDirectory
    /// The path leads through symbolic links that lead to each other.
    case linkLoop
    /// The name, or the whole path, is longer than the file system takes.
    case nameTooLong
    /// This process, or the whole system, has as many files open as it may.
    case tooManyOpen
    /// The file would be larger than the file system, or the user's limit, allows.
    case fileTooLarge
    /// Another error that `errno` names.
    case system
  }

  /// The kind of failure.
  package let code: Code
  /// The path as it was given.
  package let path: String
  /// The operation that failed: "read", "create", "write".
  package let doing: String
  /// The system's error number, 0 if none.
  package let errno: Int32

  /// Returns the first part of a path that exists and is not a directory.
  private static func file(above path: String) -> String {
    var ancestor = PathText.directory(of: path)
    while ancestor != "/", ancestor != ".", FileKind(at: ancestor) == .nothing {
      ancestor = PathText.directory(of: ancestor)
    }
    return ancestor
  }

  /// Creates an error without a system error number.
  package init(_ code: Code, path: String, doing: String = "use") {
    self.code = code
    self.path = path
    self.doing = doing
    self.errno = 0
  }

  /// Creates an error from a system error number.
  package init(errno: Int32, path: String, doing: String) {
    self.errno = errno
    self.path = path
    self.doing = doing
    switch errno {
    case ENOENT: code = Self.makes(doing) ? .directoryMissing : .missing
    case ENOTDIR: code = Self.makes(doing) ? .notDirectory : .missing
    case ELOOP: code = .linkLoop
    case EISDIR: code = .isDirectory
    case EEXIST: code = .exists
    case EACCES, EPERM: code = .notPermitted
    case EROFS: code = .readOnly
    case ENOSPC: code = .diskFull
    case EDQUOT: code = .quotaUsedUp
    case ENAMETOOLONG: code = .nameTooLong
    case EMFILE, ENFILE: code = .tooManyOpen
    case EFBIG: code = .fileTooLarge
    default: code = .system
    }
  }

  /// Returns `true` if the operation makes a file, so that a missing item is the directory for that file.
  private static func makes(_ doing: String) -> Bool { !["read", "open", "remove", "lock"].contains(doing) }

  /// `true` if the disk or the quota is full, so that nothing more can be written until somebody makes room.
  package var isOutOfRoom: Bool { code == .diskFull || code == .quotaUsedUp }

  /// The system's own error, an `Errno`; `nil` if there was none.
  package var underlying: (any Error)? { errno == 0 ? nil : systemError(errno) }

  /// One sentence: the path, the failure, and a remedy that names no option of a command.
  public var description: String { "\(path): \(message)" }

  /// A description of the failure and a possible remedy, without the path.
  package var message: String {
    let directory = PathText.directory(of: path)
    switch code {
    case .missing: return "no such file"
    case .special: return "is a pipe or a device; name a file"
    case .isDirectory: return "is a directory; name a file"
    case .directoryMissing:
      return FileKind(at: directory) == .nothing
        ? "the directory '\(directory)' does not exist; create it first"
        : "could not \(doing) it: '\(directory)' takes no new files; name another directory"
    case .exists: return "already exists"
    case .notPermitted:
      return "no permission to \(doing) it; check the owner and mode of the file and of its directory"
    case .diskFull: return "the disk is full; nothing was left behind; free some space or name another output"
    case .quotaUsedUp:
      return
        "your quota on this disk is used up; nothing was left behind; free some space or name another output"
    case .readOnly:
      return "could not \(doing) it: it is on a file system that is mounted read-only; name a path on another"
    case .notDirectory: return "'\(Self.file(above: path))' is a file and not a directory; name another path"
    case .linkLoop:
      return "could not \(doing) it: its symbolic links lead round in a circle; mend or remove them"
    case .nameTooLong:
      return "could not \(doing) it: the name is longer than the file system takes; give it a shorter one"
    case .tooManyOpen:
      let whose = errno == ENFILE ? "the system has" : "this program has"
      return
        "could not \(doing) it: \(whose) as many files open as it may; raise the limit ('ulimit -n') or do less at once"
    case .fileTooLarge:
      return
        "could not \(doing) it: it would be larger than the file system, or a limit of yours ('ulimit -f'), allows"
    case .system: return "could not \(doing) it: \(unsafe String(cString: strerror(errno)))"
    }
  }
}

/// Returns the system's error with a number, an `Errno`.
///
/// - Parameter errno: The error number as in errno(3).
/// - Returns: The error.
package func systemError(_ errno: Int32) -> any Error { Errno(rawValue: errno) }

/// Returns the system's text for an error number, as strerror(3) gives it.
///
/// - Parameter errno: The error number as in errno(3).
/// - Returns: The text.
package func systemText(_ errno: Int32) -> String { unsafe String(cString: strerror(errno)) }
