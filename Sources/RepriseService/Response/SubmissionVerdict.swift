/// The outcome of a submission whose response accepts nothing, by the status alone; pure.
enum SubmissionVerdict: Equatable {
  /// Surely nothing was accepted, and the status shows the reason.
  case refused
  /// Surely nothing was accepted: the server stopped before it had the whole body.
  case incomplete
  /// The service may have accepted, and billed, the submission.
  case mayBeAccepted

  /// Statuses of refusals before a request is processed.
  ///
  /// Not among them: 408 and 499, which a gateway sends after it has passed the request on, 409, which may be about a
  /// copy that was accepted, and 301 to 303, by which the response to a processed request is elsewhere (RFC 9110,
  /// section 15.4).
  private static let refusals: Set<Int> = [
    307, 308, 400, 401, 402, 403, 404, 405, 410, 411, 413, 414, 415, 422, 425, 429, 501,
  ]

  /// Determines the outcome.
  ///
  /// - Parameters:
  ///   - status: The status of the response, or that claimed by a 2xx body; not 2xx itself.
  ///   - contractStatus: The status in a body in the contract's own form for errors. A gateway's 503 may come after the
  ///     request went to an upstream that failed; the service's own means that it did not accept the request.
  ///   - isWhole: `true` if all of the body may have been sent.
  ///   - isSynchronous: `true` if the response is the result: the work takes minutes and may fail at any point, so that
  ///     no 5xx is a refusal.
  init(status: Int, contractStatus: Int?, isWhole: Bool, isSynchronous: Bool) {
    switch status {
    case 500...599 where !isWhole && status != 501 && status != 503: self = .incomplete
    case _ where !isWhole: self = .refused
    case 500...599 where isSynchronous: self = .mayBeAccepted
    case 503: self = contractStatus == 503 ? .refused : .mayBeAccepted
    default: self = Self.refusals.contains(status) ? .refused : .mayBeAccepted
    }
  }
}
