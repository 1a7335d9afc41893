#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is at a path, links followed.
public enum FileKind: Sendable, Equatable {
  /// Nothing, or nothing that may be looked at.
  case nothing
  /// A file with bytes in it.
  case file
  /// A folder.
  case folder
  /// A pipe, socket or device: reading it may wait for ever.
  case special

  /// Looks at a path.
  public init(at path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      self = .nothing
      return
    }
    self.init(status)
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .special
    }
  }
}

extension FileKind {
  /// Looks at a path that need not be a text.
  public init(at path: RawPath) {
    var status = stat()
    guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0 else {
      self = .nothing
      return
    }
    self.init(status)
  }
}
