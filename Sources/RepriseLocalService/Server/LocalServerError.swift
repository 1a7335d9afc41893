#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// An error because of which the service could not start, or stopped serving.
public struct LocalServerError: Error, Equatable, Sendable {
  /// The reason for the error.
  package enum Reason: Sendable, Equatable {
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
    /// Another error, with the system's error number and message.
    case system(errno: Int32, message: String)

    /// Creates the reason for an error number.
    ///
    /// - Parameters:
    ///   - errno: Error number of the system.
    ///   - message: Error message of the system.
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

  /// The port requested, or the port in use.
  package let port: UInt16
  /// The reason for the error.
  package let reason: Reason

  package init(port: UInt16, _ reason: Reason) {
    self.port = port
    self.reason = reason
  }
}

extension LocalServerError.Reason: CustomStringConvertible {
  /// A short phrase that describes the reason.
  package var description: String {
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
  /// The address and the reason.
  public var description: String { "127.0.0.1:\(port): cannot serve there: \(reason)" }
}
