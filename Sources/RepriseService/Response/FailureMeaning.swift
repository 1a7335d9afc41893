/// The meaning of the lack of an HTTP response: chiefly, if a submission may have been accepted.
struct FailureMeaning {
  /// Name of the other end, for messages: "the service 'x'", a result's origin.
  let peer: String

  /// Returns the error for anything but a submission, which can be repeated without harm.
  func error(for failure: HTTPFailure) -> ServiceError {
    let reason = failure.message
    func unreachable(_ problem: ServiceError.ConnectionProblem) -> ServiceError {
      ServiceError(.unreachable, .connection(problem))
    }
    return switch failure.kind {
    case .noConnection: unreachable(.unreachable(peer: peer, reason: reason))
    case .noTunnel(let proxy, let status):
      unreachable(.noTunnel(peer: peer, proxy: proxy, status: status, reason: reason))
    case .untrusted: unreachable(.untrusted(peer: peer, reason: reason))
    case .tooSlow: unreachable(.tooSlow(peer: peer, reason: reason))
    case .broken: unreachable(.broken(peer: peer, reason: reason))
    case .noProtocol: unreachable(.noProtocol(peer: peer, reason: reason))
    case .streamEnded: unreachable(.streamEnded(peer: peer, reason: reason))
    case .cutShort: unreachable(.cutShort(peer: peer))
    case .answerTooLarge(let limit):
      ServiceError(.badAnswer, .connection(.answerTooLarge(peer: peer, limit: limit)))
    case .cancelled: ServiceError(.cancelled, .detail("stopped"))
    case .ours(let error): error
    }
  }

  /// Returns the error for a submission.
  ///
  /// A body that is shorter than its Content-Length is no request: by RFC 9112, section 8, a server considers it
  /// incomplete, and the JSON has no end either. So nothing was accepted while libcurl still held back some of the
  /// body, unless the service sent 2xx all the same.
  ///
  /// - Parameters:
  ///   - failure: The reason why there is no complete response.
  ///   - total: The body's length in bytes.
  ///   - keptAt: The file that keeps the received part of a response, if any was received.
  ///   - trace: The facts by which the submission can be found at the service.
  /// - Returns: The error.
  func error(
    forSubmission failure: HTTPFailure, total: Int, keptAt: String?, trace: ServiceError.SubmissionTrace
  ) -> ServiceError {
    let sent = ServiceError.ConnectionProblem.Sent(bytes: failure.bodySent, total: total)
    let isAnswered = failure.answer.map { (200...299).contains($0.status) } ?? false
    guard failure.bodySent >= total || isAnswered else { return surelyNotAccepted(failure, sent) }
    let isCancelled = if case .cancelled = failure.kind { true } else { false }
    let ambiguity = ServiceError.ConnectionProblem.Ambiguity(
      peer: peer, reason: isCancelled ? nil : failure.reason, sent: sent, keptAt: keptAt, trace: trace)
    return ServiceError(
      isCancelled ? .cancelled : .ambiguous, .connection(.ambiguous(ambiguity)), mayHaveBeenAccepted: true)
  }

  private func surelyNotAccepted(
    _ failure: HTTPFailure, _ sent: ServiceError.ConnectionProblem.Sent
  ) -> ServiceError {
    let error = error(for: failure)
    switch failure.kind {
    case .noConnection, .noTunnel, .untrusted: return error
    // A server that resets a stream rejects the body: sent again, it would be rejected again.
    case .streamEnded:
      return ServiceError(.refused, .connection(.refusedWhileSending(peer: peer, reason: failure.message, sent)))
    case .cancelled where failure.requestLeft:
      return ServiceError(.cancelled, .connection(.stoppedWhileSending(peer: peer, sent)))
    case .cancelled: return ServiceError(.cancelled, .detail("stopped before anything was sent"))
    default: return failure.requestLeft ? ServiceError(error.code, .connection(.notWhole(error, sent))) : error
    }
  }
}
