extension ServiceError {
  /// The reason why no complete response was received.
  package indirect enum ConnectionProblem: Sendable, Equatable {
    /// There is no connection to `place`, for libcurl's reason.
    case unreachable(place: String, reason: String)
    /// The proxy made no tunnel to `place`; `status` is 0 if the proxy sent no response.
    case noTunnel(place: String, proxy: String, status: Int, reason: String)
    /// The certificate is not trusted.
    case untrusted(place: String, reason: String)
    /// A time limit was exceeded.
    case tooSlow(place: String, reason: String)
    /// The connection broke.
    case broken(place: String, reason: String)
    /// No version of HTTP was agreed on.
    case noProtocol(place: String, reason: String)
    /// The server ended the request over HTTP/2.
    case streamEnded(place: String, reason: String)
    /// The response ended before its announced length.
    case cutShort(place: String)
    /// The response is longer than any plausible one.
    case answerTooLarge(place: String, limit: Int)
    /// The server ended the request over HTTP/2 while its body was being sent.
    case refusedWhileSending(place: String, reason: String, Sent)
    /// The caller cancelled while the request was being sent.
    case stoppedWhileSending(place: String, Sent)
    /// The request was incomplete when an error ended it.
    case notWhole(ServiceError, Sent)
    /// The whole request may have been sent when the exchange ended.
    case ambiguous(Ambiguity)

    /// The amount of a request's body that was sent.
    package struct Sent: Sendable, Equatable, CustomStringConvertible {
      /// Upper bound of the number of bytes that were sent.
      package var bytes: Int
      /// Length of the whole body in bytes.
      package var total: Int

      package init(bytes: Int, total: Int) { (self.bytes, self.total) = (bytes, total) }

      /// The fact.
      package var description: String { "\(bytes) of \(total) bytes had left" }
    }

    /// A submission without a response that may have been accepted.
    package struct Ambiguity: Sendable, Equatable {
      /// Name of the service that it was sent to, for messages.
      package var place: String
      /// Reason for the end of the exchange; `nil` if the caller cancelled.
      package var reason: String?
      /// Amount of the body that was sent.
      package var sent: Sent
      /// File that keeps the received part of a response, if any was received.
      package var keptAt: String?
      /// Client request id of the submission, and the existence of a log in which to find it.
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

    /// Returns a phrase for a proxy's response in place of a tunnel.
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

  /// The facts by which a submission that may have been accepted can be found at its service.
  package struct SubmissionTrace: Sendable, Equatable {
    /// Client request id of the submission.
    package var requestID: String
    /// `true` if the service has a log in which to find the submission; else only the account's bill tells.
    package var isLogged: Bool

    package init(requestID: String, isLogged: Bool) { (self.requestID, self.isLogged) = (requestID, isLogged) }
  }
}
