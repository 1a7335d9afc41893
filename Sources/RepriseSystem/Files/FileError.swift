import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What went wrong with a file, as the system sees it.
public struct FileError: Error, Equatable, Codable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable, Codable {
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
    /// The disk has room, and the user's share of it is used up.
    case quotaUsedUp
    /// The file system takes no changes from anybody.
    case readOnly
    /// Part of the path is a file, so that nothing can be below it.
    case notFolder
    /// The path leads through symbolic links that lead to each other.
    case linkLoop
    /// The name, or the whole path, is longer than the file system takes.
    case nameTooLong
    /// This process, or the whole system, has as many files open as it may.
    case tooManyOpen
    /// The file would be larger than the file system, or the user's limit, allows.
    case fileTooLarge
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

  /// The first part of a path that is there and no folder.
  private static func file(above path: String) -> String {
    var place = PathText.folder(of: path)
    while place != "/", place != ".", FileKind(at: place) == .nothing { place = PathText.folder(of: place) }
    return place
  }

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
    case ENOENT: code = Self.makes(doing) ? .folderMissing : .missing
    case ENOTDIR: code = Self.makes(doing) ? .notFolder : .missing
    case ELOOP: code = .linkLoop
    case EISDIR: code = .isFolder
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

  /// Whether what is done makes a file, so that what is not there is the folder for it.
  private static func makes(_ doing: String) -> Bool { !["read", "open", "remove", "lock"].contains(doing) }

  /// Whether nothing more can be written there until somebody makes room.
  public var isOutOfRoom: Bool { code == .diskFull || code == .quotaUsedUp }

  /// The system's own error, an `Errno`; nil where there was none.
  public var underlying: (any Error)? { errno == 0 ? nil : systemError(errno) }

  /// One sentence: where, what, and what may help, by no option of a command.
  public var description: String { "\(path): \(message)" }

  /// What went wrong, and what may help, without the path.
  package var message: String {
    let folder = PathText.folder(of: path)
    switch code {
    case .missing: return "no such file"
    case .special: return "is a pipe or a device; name a file"
    case .isFolder: return "is a folder; name a file"
    case .folderMissing:
      return FileKind(at: folder) == .nothing
        ? "the folder '\(folder)' does not exist; create it first"
        : "could not \(doing) it: '\(folder)' takes no new files; name another place"
    case .exists: return "already exists"
    case .notPermitted:
      return "no permission to \(doing) it; check the owner and mode of the file and of its folder"
    case .diskFull: return "the disk is full; nothing was left behind; free some space or name another output"
    case .quotaUsedUp:
      return
        "your quota on this disk is used up; nothing was left behind; free some space or name another output"
    case .readOnly:
      return "could not \(doing) it: it is on a file system that is mounted read-only; name a place on another"
    case .notFolder: return "'\(Self.file(above: path))' is a file and no folder; name another place"
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

/// The system's error with a number, an `Errno`.
///
/// - Parameter errno: as errno(3) has it.
package func systemError(_ errno: Int32) -> any Error { Errno(rawValue: errno) }

/// The system's own text for an error with a number, as strerror(3) gives it.
///
/// - Parameter errno: as errno(3) has it.
package func systemText(_ errno: Int32) -> String { unsafe String(cString: strerror(errno)) }
