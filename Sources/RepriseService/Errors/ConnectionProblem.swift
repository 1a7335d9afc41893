extension ServiceError {
  /// The reason why no complete response was received.
  package indirect enum ConnectionProblem: Sendable, Equatable {
    /// There is no connection to `peer`, for libcurl's reason.
    case unreachable(peer: String, reason: String)
    /// The proxy made no tunnel to `peer`; `status` is 0 if the proxy sent no response.
    case noTunnel(peer: String, proxy: String, status: Int, reason: String)
    /// The certificate is not trusted.
    case untrusted(peer: String, reason: String)
    /// A time limit was exceeded.
    case tooSlow(peer: String, reason: String)
    /// The connection broke.
    case broken(peer: String, reason: String)
    /// No version of HTTP was agreed on.
    case noProtocol(peer: String, reason: String)
    /// The server ended the request over HTTP/2.
    case streamEnded(peer: String, reason: String)
    /// The response ended before its announced length.
    case cutShort(peer: String)
    /// The response is longer than any plausible one.
    case answerTooLarge(peer: String, limit: Int)
    /// The server ended the request over HTTP/2 while its body was being sent.
    case refusedWhileSending(peer: String, reason: String, Sent)
    /// The caller cancelled while the request was being sent.
    case stoppedWhileSending(peer: String, Sent)
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
      package var peer: String
      /// Reason for the end of the exchange; `nil` if the caller cancelled.
      package var reason: String?
      /// Amount of the body that was sent.
      package var sent: Sent
      /// File that keeps the received part of a response, if any was received.
      package var keptAt: String?
      /// Client request id of the submission, and the existence of a log in which to find it.
      package var trace: SubmissionTrace

      package init(peer: String, reason: String?, sent: Sent, keptAt: String?, trace: SubmissionTrace) {
        self.peer = peer
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
      case .unreachable(let peer, let reason): "\(peer) can't be reached (\(reason))"
      case .noTunnel(let peer, let proxy, let status, let reason):
        "\(peer) can't be reached (\(Self.tunnel(proxy, status, reason)))"
      case .untrusted(let peer, let reason):
        "\(peer) shows a certificate that is not trusted (\(reason)); nothing was sent"
      case .tooSlow(let peer, let reason): "\(peer) is too slow: \(reason)"
      case .broken(let peer, let reason): "the connection to \(peer) broke (\(reason))"
      case .noProtocol(let peer, let reason): "\(peer) speaks no supported version of HTTP (\(reason))"
      case .streamEnded(let peer, let reason):
        "\(peer) ended the request before its answer could be read (\(reason))"
      case .cutShort(let peer): "the answer from \(peer) ended before its announced end"
      case .answerTooLarge(let peer, let limit):
        "the answer from \(peer) is over \(megabytes(limit)); it was cut off"
      case .refusedWhileSending(let peer, let reason, let sent):
        "\(peer) refused the request while its body was being sent, and its answer could not be read (\(reason)); "
          + "\(sent): \(Self.verdict). Most often the body is too large for it"
      case .stoppedWhileSending(let peer, let sent):
        "stopped while the request was sent to \(peer); \(sent): \(Self.verdict)"
      case .notWhole(let error, let sent): "\(spell(error)); \(sent): \(Self.verdict)"
      case .ambiguous(let ambiguity):
        (ambiguity.reason.map { "the submission to \(ambiguity.peer) failed (\($0))" }
          ?? "stopped before \(ambiguity.peer) had answered")
          + "; \(ambiguity.sent): it may have been accepted and billed"
      }
    }

    /// Returns a phrase for a proxy's response in place of a tunnel.
    package static func tunnel(_ proxy: String, _ status: Int, _ reason: String) -> String {
      switch status {
      case 0: "the proxy at \(proxy) made no tunnel: \(reason)"
      case 407: "the proxy at \(proxy) requires a name and password (407)"
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
    /// `true` if the service has a log in which to find the submission; else only the account's bill shows it.
    package var isLogged: Bool

    package init(requestID: String, isLogged: Bool) { (self.requestID, self.isLogged) = (requestID, isLogged) }
  }
}
