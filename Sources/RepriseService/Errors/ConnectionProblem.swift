extension ServiceError {
  /// Why no whole response came.
  public indirect enum ConnectionProblem: Sendable, Equatable {
    /// There is no connection to `place`, for libcurl's reason.
    case unreachable(place: String, reason: String)
    /// The proxy made no tunnel to `place`; 0 is the status of a proxy that gave no response.
    case noTunnel(place: String, proxy: String, status: Int, reason: String)
    /// The certificate is not trusted.
    case untrusted(place: String, reason: String)
    /// A time limit was passed.
    case tooSlow(place: String, reason: String)
    /// The connection broke.
    case broken(place: String, reason: String)
    /// No version of HTTP was agreed on.
    case noProtocol(place: String, reason: String)
    /// The server ended the request over HTTP/2.
    case streamEnded(place: String, reason: String)
    /// The response ended before its announced length.
    case cutShort(place: String)
    /// The response is longer than any that makes sense.
    case answerTooLarge(place: String, limit: Int)
    /// The server ended the request while its body was being sent, over HTTP/2.
    case refusedWhileSending(place: String, reason: String, Sent)
    /// The caller asked to stop while the request was being sent.
    case stoppedWhileSending(place: String, Sent)
    /// The request was not whole when an error ended it.
    case notWhole(ServiceError, Sent)
    /// The whole request may have left when the exchange ended.
    case ambiguous(Ambiguity)

    /// How much of a request's body had left.
    public struct Sent: Sendable, Equatable, CustomStringConvertible {
      /// Bytes that had left, at most.
      package var bytes: Int
      /// Bytes of the whole body.
      package var total: Int

      package init(bytes: Int, total: Int) { (self.bytes, self.total) = (bytes, total) }

      /// The fact.
      public var description: String { "\(bytes) of \(total) bytes had left" }
    }

    /// A submission that may have been accepted, and is not answered.
    public struct Ambiguity: Sendable, Equatable {
      /// Where it was sent.
      package var place: String
      /// Why it ended; `nil` if the caller asked to stop.
      package var reason: String?
      /// How much had left.
      package var sent: Sent
      /// The file that keeps what came of a response, if something did.
      package var keptAt: String?
      /// What the submission is known by, and whether the service has a log to look for it.
      package var trace: SubmissionTrace

      package init(place: String, reason: String?, sent: Sent, keptAt: String?, trace: SubmissionTrace) {
        self.place = place
        self.reason = reason
        self.sent = sent
        self.keptAt = keptAt
        self.trace = trace
      }
    }

    var underlying: (any Error)? { if case .notWhole(let error, _) = self { error } else { nil } }

    private static let verdict = "the service has no whole request, so nothing was accepted"

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .unreachable(let place, let reason): "\(place) can't be reached (\(reason))"
      case .noTunnel(let place, let proxy, let status, let reason):
        "\(place) can't be reached (\(Self.tunnel(proxy, status, reason)))"
      case .untrusted(let place, let reason):
        "\(place) shows a certificate that is not trusted (\(reason)); nothing was sent"
      case .tooSlow(let place, let reason): "\(place) is too slow: \(reason)"
      case .broken(let place, let reason): "the connection to \(place) broke (\(reason))"
      case .noProtocol(let place, let reason): "\(place) speaks no HTTP that is spoken here (\(reason))"
      case .streamEnded(let place, let reason):
        "\(place) ended the request before its answer could be read (\(reason))"
      case .cutShort(let place): "the answer from \(place) ended before its announced end"
      case .answerTooLarge(let place, let limit):
        "the answer from \(place) is over \(megabytes(limit)); it was cut off"
      case .refusedWhileSending(let place, let reason, let sent):
        "\(place) refused the request while its body was being sent, and its answer could not be read (\(reason)); "
          + "\(sent): \(Self.verdict). Most often the body is too large for it"
      case .stoppedWhileSending(let place, let sent):
        "stopped while the request was sent to \(place); \(sent): \(Self.verdict)"
      case .notWhole(let error, let sent): "\(spell(error)); \(sent): \(Self.verdict)"
      case .ambiguous(let ambiguity):
        (ambiguity.reason.map { "the submission to \(ambiguity.place) failed (\($0))" }
          ?? "stopped before \(ambiguity.place) had answered")
          + "; \(ambiguity.sent): it may have been accepted and billed"
      }
    }

    /// What a proxy did in the place of making a tunnel.
    package static func tunnel(_ proxy: String, _ status: Int, _ reason: String) -> String {
      switch status {
      case 0: "the proxy at \(proxy) made no tunnel: \(reason)"
      case 407: "the proxy at \(proxy) wants a name and password (407)"
      default: "the proxy at \(proxy) refused the tunnel (\(status))"
      }
    }

    func replacingTexts(
      _ replace: (String) -> String, _ replaced: (ServiceError) -> ServiceError
    ) -> ConnectionProblem {
      switch self {
      case .notWhole(let error, let sent): return .notWhole(replaced(error), sent)
      case .ambiguous(var ambiguity):
        ambiguity.reason = ambiguity.reason.map(replace)
        return .ambiguous(ambiguity)
      default: return self
      }
    }
  }

  /// By what a submission that may have been accepted can be found at its service.
  public struct SubmissionTrace: Sendable, Equatable {
    /// What it was sent with.
    package var requestID: String
    /// `true` if the service has a log to look for it; else only the account's bill tells.
    package var isLogged: Bool

    package init(requestID: String, isLogged: Bool) { (self.requestID, self.isLogged) = (requestID, isLogged) }
  }
}
