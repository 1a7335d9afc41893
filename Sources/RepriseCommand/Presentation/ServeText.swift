package import RepriseLocalService

/// The text of the local service's events and errors.
package enum ServeText {
  /// Returns the line of the log for an event.
  package static func line(_ event: LocalServerEvent) -> String {
    guard case .connectionsClosed(let reason) = event else { return "\(event)" }
    return "every connection was closed, generations go on: \(message(reason))"
  }

  /// Returns the reason for which the service could not start or stopped serving, with advice.
  package static func sentence(_ error: LocalServerError) -> String {
    "127.0.0.1:\(error.port): cannot serve there: \(message(error.reason))"
  }

  private static func message(_ reason: LocalServerError.Reason) -> String {
    switch reason {
    case .portInUse: "\(reason); choose another --port, or 0 for any free one"
    case .portForbidden: "\(reason); choose a --port above 1023"
    case .processFilesExhausted: "\(reason); raise the limit with 'ulimit -n'"
    case .systemFilesExhausted: "\(reason); close programs, or raise fs.file-max"
    case .notListening, .system: "\(reason)"
    }
  }
}
