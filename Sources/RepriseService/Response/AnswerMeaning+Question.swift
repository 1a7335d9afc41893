extension AnswerMeaning {
  /// Returns the error for a refused query of a generation or of the log, if the refusal is the service's own and no
  /// page.
  ///
  /// - Parameters:
  ///   - status: The status that the response reports.
  ///   - said: The service's own message.
  ///   - redirect: The target of a redirect.
  /// - Returns: The error.
  func questionMeaning(of status: Int, _ said: String?, _ redirect: String?) -> ServiceError {
    switch status {
    case 300...399: error(.refused, status, said, .redirected(to: origin(of: redirect)))
    case 401: error(.unauthorized, status, said, unauthorized)
    case 402: error(.noCredit, status, said, .noCredit)
    case 403: error(.noCredit, status, said, .forbidden)
    case 400, 422: error(.validation, status, said, .invalid)
    case 404, 410: error(.notFound, status, said, .unknown(isPoll ? askedID : ""))
    case 413: error(.tooLarge, status, said, .tooLarge(bytes: nil))
    case 408, 425, 429: error(.rateLimited, status, said, .busy)
    case 503: error(.serverTrouble, status, said, .unavailable)
    case 500...599: error(.serverTrouble, status, said, .serverTrouble)
    default: error(.refused, status, said, .refused)
    }
  }

  private var askedID: String { if case .poll(let id) = asked { printable(id, limit: 100) } else { "" } }
}
