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
    case .cutShort:
      return ServiceError(.unreachable, "the answer from \(place) ended before its announced end; try again")
    case .answerTooLarge(let limit):
      return ServiceError(.badAnswer, "the answer from \(place) is over \(megabytes(limit)); it was cut off")
    case .cancelled: return ServiceError(.cancelled, "stopped")
    case .ours(let error): return error
    }
  }

  /// The error for a submission.
  func error(forSubmission failure: HTTPFailure, total: Int, requestID: ClientRequestID) -> ServiceError {
    var error = error(for: failure)
    switch failure.kind {
    case .noConnection, .untrusted: return error
    default: break
    }
    guard failure.requestLeft else {
      if case .cancelled = failure.kind { return ServiceError(.cancelled, "stopped before anything was sent") }
      return error
    }
    let sent = "\(failure.bodySent) of \(total) bytes had left"
    let next =
      "it may have been accepted and billed: look for request id \(requestID) in the service's log before you send it again"
    switch failure.kind {
    case .cancelled:
      error = ServiceError(.cancelled, "stopped while the request was sent to \(place); \(sent): \(next)")
    case .ours(let ours) where failure.bodySent < total:
      // The body's end is what could not be made, so nobody holds a whole request.
      error = ServiceError(ours.code, ours.message + "; the service has no whole request")
      return error
    default:
      error = ServiceError(.ambiguous, "the submission to \(place) failed (\(failure.words)); \(sent): \(next)")
    }
    error.mayHaveBeenAccepted = true
    return error
  }
}
