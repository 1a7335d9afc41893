import SystemPackage

/// The kind of item at a path, links followed.
package enum FileKind: Sendable, Equatable {
  /// No item, or none that may be examined.
  case nothing
  /// A regular file.
  case file
  /// A directory.
  case directory
  /// A pipe, socket or device: reading it may wait for ever.
  case special

  /// Determines the kind of item at a path.
  package init(at path: String) {
    self.init(try? unsafe Stat(path))
  }

  private init(_ status: Stat?) {
    switch status?.type {
    case nil: self = .nothing
    case .some(.regular): self = .file
    case .some(.directory): self = .directory
    default: self = .special
    }
  }
}

extension FileKind {
  /// Determines the kind of item at a path that need not be UTF-8.
  package init(at path: RawPath) {
    self.init(unsafe path.withCString { try? unsafe Stat($0) })
  }
}
