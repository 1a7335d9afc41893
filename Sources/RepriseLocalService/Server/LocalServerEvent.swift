/// Something the local service did, for a log: no header, no query, no prompt, no lyrics.
public enum LocalServerEvent: Sendable, CustomStringConvertible {
  /// A request was answered, or the connection broke meanwhile.
  case request(Request)
  /// A generation took a step.
  case generation(id: String, step: Step)
  /// Connections could not be taken, and the open ones were closed; it is tried again, and generations go on.
  case connectionsClosed(LocalServerError.Reason)

  /// One request.
  public struct Request: Sendable {
    /// The HTTP method.
    public let method: String
    /// The path without its query, percent-encoded as it came, at most 200 characters.
    public let path: String
    /// The HTTP status of the answer.
    public let status: Int
    /// Bytes of the answer's body that were sent.
    public let bytes: Int
    /// From the end of the request's head to the end of the answer.
    public let milliseconds: Double
    /// Whether the whole answer was sent.
    public let isComplete: Bool
  }

  /// A generation's steps.
  public enum Step: Sendable {
    /// It waits its turn.
    case queued
    /// The cover is being made.
    case generating
    /// The cover is this far, 0…1.
    case progress(Double)
    /// The cover is there.
    case completed(bytes: Int, seconds: Double)
    /// There will be no cover.
    case failed(name: String, message: String)
    /// Its result was removed.
    case expired
  }

  /// One line.
  public var description: String {
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
