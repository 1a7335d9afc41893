/// What it means that there is no HTTP answer: chiefly, whether a submission may have been accepted.
struct FailureMeaning {
  /// What was tried, for messages: "the service 'x'", a result's origin.
  let place: String

  /// The error for anything but a submission: asking again does no harm.
  func error(for failure: HTTPFailure) -> ServiceError {
    switch failure.kind {
    case .noConnection:
      return ServiceError(
        .unreachable, "\(place) can't be reached (\(failure.words)); check the address and the network")
    case .untrusted:
      return ServiceError(
        .unreachable, "\(place) shows a certificate that is not trusted (\(failure.words)); nothing was sent")
    case .tooSlow: return ServiceError(.unreachable, "\(place) is too slow: \(failure.words); try again later")
    case .broken: return ServiceError(.unreachable, "the connection to \(place) broke (\(failure.words)); try again")
    case .noProtocol:
      return ServiceError(
        .unreachable, "\(place) speaks no HTTP that is spoken here (\(failure.words)); check the address")
    case .streamEnded:
      return ServiceError(
        .unreachable, "\(place) ended the request before its answer could be read (\(failure.words)); try again")
    case .cutShort:
      return ServiceError(.unreachable, "the answer from \(place) ended before its announced end; try again")
    case .answerTooLarge(let limit):
      return ServiceError(.badAnswer, "the answer from \(place) is over \(megabytes(limit)); it was cut off")
    case .cancelled: return ServiceError(.cancelled, "stopped")
    case .ours(let error): return error
    }
  }

  /// The error for a submission; `advice` is what to do if it may have been accepted.
  ///
  /// A body that is shorter than its Content-Length is no request: RFC 9112, section 8, has a server take it for
  /// incomplete, and the JSON has no end either. So nothing was accepted while libcurl still held back some of it, unless
  /// the service said 2xx all the same.
  func error(forSubmission failure: HTTPFailure, total: Int, advice: String) -> ServiceError {
    let sent = "\(failure.bodySent) of \(total) bytes had left"
    let isAnswered = failure.answer.map { (200...299).contains($0.status) } ?? false
    guard failure.bodySent >= total || isAnswered else { return surelyNotAccepted(failure, sent) }
    let next = "it may have been accepted and billed: \(advice)"
    if case .cancelled = failure.kind {
      return ServiceError(
        .cancelled, "stopped before \(place) had answered; \(sent): \(next)", mayHaveBeenAccepted: true)
    }
    return ServiceError(
      .ambiguous, "the submission to \(place) failed (\(failure.words)); \(sent): \(next)", mayHaveBeenAccepted: true)
  }

  private func surelyNotAccepted(_ failure: HTTPFailure, _ sent: String) -> ServiceError {
    let error = error(for: failure)
    let verdict = "the service has no whole request, so nothing was accepted"
    switch failure.kind {
    case .noConnection, .untrusted: return error
    // A server that ends a stream has had enough of the body: sent again, it would be ended again.
    case .streamEnded:
      return ServiceError(
        .refused,
        "\(place) refused the request while its body was being sent, and its answer could not be read (\(failure.words)); "
          + "\(sent): \(verdict). Most often the body is too large for it")
    case .cancelled where failure.requestLeft:
      return ServiceError(.cancelled, "stopped while the request was sent to \(place); \(sent): \(verdict)")
    case .cancelled: return ServiceError(.cancelled, "stopped before anything was sent")
    default:
      return failure.requestLeft ? ServiceError(error.code, "\(error.message); \(sent): \(verdict)") : error
    }
  }
}
