/// An event of the local service, for a log: no header, no query, no prompt, no lyrics.
package enum LocalServerEvent: Sendable, CustomStringConvertible {
  /// A response to a request was sent, or the connection broke meanwhile.
  case request(Request)
  /// A generation changed its state or made progress.
  case generation(id: String, step: Step)
  /// Connections could not be accepted, and the open ones were closed; the service tries again, and generations go on.
  case connectionsClosed(LocalServerError.Reason)

  /// One request.
  package struct Request: Sendable {
    /// The HTTP method.
    package let method: String
    /// Path without its query, percent-encoded as received, at most 200 characters.
    package let path: String
    /// HTTP status of the response.
    package let status: Int
    /// Number of bytes of the response's body that were sent.
    package let bytes: Int
    /// Time from the end of the request's head to the end of the response.
    package let milliseconds: Double
    /// `true` if the whole response was sent.
    package let isComplete: Bool
  }

  /// A step of a generation.
  package enum Step: Sendable {
    /// The generation waits in the queue.
    case queued
    /// The cover is being made.
    case generating
    /// The fraction of the cover that is done, 0…1.
    case progress(Double)
    /// The cover is complete.
    case completed(bytes: Int, seconds: Double)
    /// The generation failed.
    case failed(name: String, message: String)
    /// The result was removed.
    case expired
  }

  /// A description of one line.
  package var description: String {
    switch self {
    case .request(let request):
      let end = request.isComplete ? "" : " (connection lost)"
      return "\(request.method) \(request.path) \(request.status) \(request.bytes) bytes "
        + "\(Self.rounded(request.milliseconds)) ms\(end)"
    case .connectionsClosed(let reason): return "every connection was closed, generations go on: \(reason)"
    case .generation(let id, let step):
      switch step {
      case .queued: return "\(id) queued"
      case .generating: return "\(id) generating"
      case .progress(let done): return "\(id) \(Int((min(max(done, 0), 1) * 100).rounded())) %"
      case .completed(let bytes, let seconds):
        return "\(id) completed: \(bytes) bytes in \(Self.rounded(seconds)) s"
      case .failed(let name, let message): return "\(id) failed: \(name): \(message)"
      case .expired: return "\(id) expired"
      }
    }
  }

  private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
