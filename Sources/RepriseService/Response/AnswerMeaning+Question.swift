extension AnswerMeaning {
  /// What a question leaves as it was. A refusal to answer is no verdict about what was asked for, and no reason to order it again.
  var untouched: String {
    isPoll ? "that says nothing about the generation" : "that says nothing about what was submitted"
  }

  /// What a refusal of a question, about a generation or to the log, means. The service's own answer, not a page's.
  func questionMeaning(of status: Int, _ said: String, _ redirect: String?) -> ServiceError {
    let what = isPoll ? "tell how far the generation is" : "show its log"
    switch status {
    case 300...399:
      let error = redirected(redirect)
      return error.saying("\(error.message); \(untouched)")
    case 401:
      let error = unauthorized(said)
      return error.saying("\(error.message), and ask again; \(untouched)")
    case 402, 403:
      return ServiceError(
        .noCredit,
        "\(who) refused to \(what) (\(status))\(said); the account may have no credit, or this key may not ask it; "
          + "\(untouched): ask again with the key it was submitted with, or once the account is in order")
    case 400, 422:
      return ServiceError(
        .validation, "\(who) refused to \(what) (\(status))\(said); \(untouched): ask again later")
    case 404, 410: return unknown(status, said)
    case 413:
      return ServiceError(
        .tooLarge, "\(who) finds the question too large (413)\(said); \(untouched): ask again later")
    case 408, 425, 429:
      return ServiceError(
        .rateLimited,
        "\(who) has too many requests just now (\(status))\(said); \(untouched): ask again a little later")
    case 503:
      return ServiceError(
        .serverTrouble, "\(who) is not available just now (503)\(said); \(untouched): ask again later")
    case 500...599:
      return ServiceError(.serverTrouble, "\(who) is in trouble (\(status))\(said); \(untouched): ask again later")
    default:
      return ServiceError(.refused, "\(who) refused to \(what) (\(status))\(said); \(untouched): ask again later")
    }
  }

  private func unknown(_ status: Int, _ said: String) -> ServiceError {
    guard case .poll(let id) = asked else {
      return ServiceError(.notFound, "\(who) has no log where it was asked for it (\(status))\(said); \(untouched)")
    }
    return ServiceError(
      .notFound,
      "\(who) knows no generation '\(printable(id, limit: 100))' (\(status))\(said); it was made elsewhere, under another key, or is gone"
    )
  }
}
