import SystemPackage

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
    self.init(try? unsafe Stat(path))
  }

  private init(_ status: Stat?) {
    switch status?.type {
    case nil: self = .nothing
    case .some(.regular): self = .file
    case .some(.directory): self = .folder
    default: self = .special
    }
  }
}

extension FileKind {
  /// Looks at a path that need not be a text.
  public init(at path: RawPath) {
    self.init(unsafe path.withCString { try? unsafe Stat($0) })
  }
}
