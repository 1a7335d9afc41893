import RepriseSystem

extension ServiceError {
  /// A fault of a service's key.
  package enum KeyProblem: Sendable, Equatable, CustomStringConvertible {
    /// The service requires a key, and none is in these variables, or in the file at this path.
    case missing(service: String, variables: [String], file: String?)
    /// The text found at `origin`, a variable or a path, cannot be a key.
    case unusable(origin: String, KeyFault)
    /// The key's file could not be opened or read, with this `errno`.
    case unreadable(path: String, isOpen: Bool, errno: Int32)
    /// The path of the key's file does not lead to a regular file.
    case notFile(path: String)
    /// Other users may read the key's file, by its mode.
    case readableByOthers(path: String, mode: UInt32)
    /// The key's file belongs to another user.
    case ownedByOther(path: String)

    /// The reason why a text cannot be a key.
    package enum KeyFault: Sendable, Equatable, CustomStringConvertible {
      /// The text is empty.
      case empty
      /// The text is empty but for quotation marks, a name or a scheme.
      case emptyWithin
      /// The text holds characters that no key has.
      case characters
      /// The text has quotation marks that do not match.
      case quotationMarks
      /// The text is the name of a variable.
      case variableName
      /// The text is a placeholder from an example.
      case placeholder

      /// The fact, to follow its subject.
      package var description: String {
        switch self {
        case .empty: "is empty"
        case .emptyWithin: "is empty but for the characters around it"
        case .characters: "holds blanks, line ends or characters no key has"
        case .quotationMarks: "has quotation marks that do not belong together"
        case .variableName: "is another variable's name, which nobody has replaced by its value"
        case .placeholder: "is a placeholder out of an example"
        }
      }
    }

    var underlying: (any Error)? {
      if case .unreadable(_, _, let errno) = self { systemError(errno) } else { nil }
    }

    /// The fact.
    package var description: String {
      switch self {
      case .missing(let service, _, _): "\(service) requires a key and there is none"
      case .unusable(let origin, let fault): "the key in \(origin) \(fault)"
      case .unreadable(let path, let isOpen, let errno):
        "the key file \(path) could not be \(isOpen ? "read" : "opened"): \(systemText(errno))"
      case .notFile(let path): "\(path) is not a file"
      case .readableByOthers(let path, let mode):
        "the key file \(path) has mode \(String(mode, radix: 8)), so others may read it"
      case .ownedByOther(let path): "the key file \(path) belongs to another user"
      }
    }
  }
}
