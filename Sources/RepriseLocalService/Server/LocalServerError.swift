#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The service could not be started, or stopped serving.
public struct LocalServerError: Error, Equatable, Sendable {
  /// What stood in the way.
  public enum Reason: Sendable, Equatable {
    /// Another program uses the port.
    case portInUse
    /// Only an administrator may use the port.
    case portForbidden
    /// This process has as many files and connections open as it may.
    case processFilesExhausted
    /// The system has as many files open as it may.
    case systemFilesExhausted
    /// The listening socket has no address.
    case notListening
    /// Something else; the system's number, and its words.
    case system(errno: Int32, message: String)

    /// - Parameters:
    ///   - errno: the system's number for what went wrong.
    ///   - message: the system's words.
    init(errno: Int32, message: String) {
      self =
        switch errno {
        case EADDRINUSE: .portInUse
        case EACCES: .portForbidden
        case EMFILE: .processFilesExhausted
        case ENFILE: .systemFilesExhausted
        default: .system(errno: errno, message: message)
        }
    }
  }

  /// The port that was asked for, or that was got.
  public let port: UInt16
  /// What stood in the way.
  public let reason: Reason

  package init(port: UInt16, _ reason: Reason) {
    self.port = port
    self.reason = reason
  }
}

extension LocalServerError.Reason: CustomStringConvertible {
  /// The fact in a short phrase.
  public var description: String {
    switch self {
    case .portInUse: "another program is using it"
    case .portForbidden: "only an administrator may use it"
    case .processFilesExhausted: "this process has as many files and connections open as it may"
    case .systemFilesExhausted: "the system has as many files open as it may"
    case .notListening: "it is not listening"
    case .system(_, let message): message
    }
  }
}

extension LocalServerError: CustomStringConvertible {
  /// The address and what stood in the way.
  public var description: String { "127.0.0.1:\(port): cannot serve there: \(reason)" }
}
