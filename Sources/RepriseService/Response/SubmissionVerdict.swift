/// What a response that accepts nothing leaves of a submission, by its status alone. Pure.
enum SubmissionVerdict: Equatable {
  /// Surely nothing was accepted, and the status says why.
  case refused
  /// Surely nothing was accepted: the server broke off before it had the whole body.
  case incomplete
  /// The service may have taken, and billed, it.
  case mayBeAccepted

  /// Refusals that come before a request is worked on. Not among them: 408 and 499, which a gateway says after it has
  /// handed the request on, 409, which may be about a copy that was taken, and 301 to 303, by which the response to a
  /// request that was carried out is elsewhere (RFC 9110, section 15.4).
  private static let refusals: Set<Int> = [
    307, 308, 400, 401, 402, 403, 404, 405, 410, 411, 413, 414, 415, 422, 425, 429, 501,
  ]

  /// - Parameters:
  ///   - status: of the response, or what a 2xx body claims instead; not 2xx itself.
  ///   - contractStatus: what a body in the contract's own form for errors says. A gateway's 503 may come after the
  ///     request went to an upstream that broke over it; the service's own says that it did not take it.
  ///   - isWhole: whether all of the body may have left.
  ///   - isSynchronous: whether the service answers with the result: it may break anywhere in minutes of work, so that
  ///     none of its 5xx is a refusal.
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
