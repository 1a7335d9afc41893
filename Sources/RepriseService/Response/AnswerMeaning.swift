/// What an HTTP answer that is not the wanted one means, in a code and in words. Pure: an answer goes in.
struct AnswerMeaning {
  /// What was asked.
  enum Asked {
    /// A submission of so many body bytes under a request id.
    case submission(bytes: Int, requestID: ClientRequestID)
    /// How far a generation is.
    case poll(id: String)
    /// What the service's log says.
    case log
    /// A result at a host.
    case result(origin: String)
  }

  let service: ServiceDescription
  let key: APIKey?
  let asked: Asked

  /// The error behind an answer; a 2xx one gets here only if it is not what the contract says.
  func error(for answer: HTTPAnswer) -> ServiceError {
    let words = AnswerWords(answer.body)
    var status = answer.status
    // Some services say 200 and mean the status in the body.
    if (200...299).contains(status), let claimed = words.claimedStatus { status = claimed }
    // Or say in words, beside the id that was asked for, what HTTP says by 404.
    if case .poll(let id) = asked, (200...299).contains(status), GenerationReader(asked: id).isNotFound(answer.body) {
      status = 404
    }
    var error = meaning(of: status, words, answer)
    error.status = answer.status
    if let value = answer.headers["retry-after"] {
      error.retryAfter = RetryAfter.duration(value, date: answer.headers["date"])
    }
    if case .poll(let id) = asked {
      error.generationID = id
      error.unusable = unusable(error, status)
      error.unrecognizedAnswer = error.unusable == nil ? nil : UnrecognizedAnswer.kept(answer)
    }
    return error
  }

  /// What an answer to a poll that is no generation is to whoever waits: a page, nothing, or a service that does not know the
  /// generation, or not yet.
  private func unusable(_ error: ServiceError, _ status: Int) -> ServiceError.Unusable? {
    switch (error.code, status) {
    case (.badAnswer, _): .unrecognized
    case (.notFound, 404): .notFound
    default: nil
    }
  }

  private func meaning(of status: Int, _ words: AnswerWords, _ answer: HTTPAnswer) -> ServiceError {
    let said = words.message.map { ": \($0)" } ?? ""
    if case .submission(let bytes, let requestID) = asked, !(200...299).contains(status) {
      // Whoever says 2xx before the whole body has come may have needed no more of it.
      let isWhole = answer.bodySent >= bytes || (200...299).contains(answer.status)
      let verdict = SubmissionVerdict(
        status: status, contractStatus: words.contractStatus, isWhole: isWhole, isSynchronous: service.answersWithResult
      )
      switch verdict {
      case .mayBeAccepted: return mayBeAccepted(status, said, answer.redirect, requestID)
      case .incomplete: return incomplete(status, said)
      case .refused: break
      }
    }
    if case .result(let origin) = asked {
      return resultMeaning(of: status, said, origin, storeCode: ResultCheck.storeCode(answer.body))
    }
    switch status {
    case 200...299:
      return unexpectedSuccess(
        status, words, hasUnusableID: isSubmission && GenerationReader().holdsUnusableID(answer.body))
    // Pages by 403 and 404 are a CDN's and a gateway's.
    case _ where !isSubmission && !(words.isPage && [403, 404].contains(status)):
      return questionMeaning(of: status, said, answer.redirect)
    case 300...399: return redirected(answer.redirect)
    case 400, 422:
      return ServiceError(
        .validation, "\(who) refused the request (\(status))\(said); change what it names and try again")
    case 401: return unauthorized(said)
    case 402: return noCredit(status, said)
    case 403:
      guard words.isPage else { return noCredit(status, said) }
      return ServiceError(
        .refused,
        "a CDN before \(who) refused the connection (403\(said.isEmpty ? "" : ", " + said.dropFirst(2))); this is not about "
          + "credit: try from another network or without a proxy, or tell the service")
    case 404 where words.isPage && isLog:
      return ServiceError(
        .serverTrouble,
        "a gateway before \(who) answered with a web page (404) where its log was asked; ask again later")
    case 404 where words.isPage && isPoll:
      return ServiceError(
        .serverTrouble,
        "a gateway before \(who) answered with a web page (404\(said.isEmpty ? "" : ", " + said.dropFirst(2))), as they do "
          + "while a service is replaced; that says nothing about the generation: ask again later")
    case 404, 410: return notFound(status, said)
    case 413: return tooLarge(said)
    case 408, 425, 429:
      return ServiceError(
        .rateLimited,
        "\(who) has too many requests just now (\(status))\(said); nothing was accepted: wait a little and try again")
    case 503:
      return ServiceError(.serverTrouble, "\(who) is not available just now (503)\(said); try again later")
    case 500...599: return serverTrouble(status, said)
    default: return ServiceError(.refused, "\(who) refused the request (\(status))\(said)")
    }
  }

  private var isSubmission: Bool { if case .submission = asked { true } else { false } }

  var isLog: Bool { if case .log = asked { true } else { false } }

  var isPoll: Bool { if case .poll = asked { true } else { false } }

  var who: String { service.spokenName }

  func unauthorized(_ said: String) -> ServiceError {
    let origin = key.map { "the key from \($0.origin)" } ?? "a request without a key"
    let variable = service.keyVariables.first ?? "the key's variable"
    return ServiceError(
      .unauthorized, "\(who) refused \(origin) (401)\(said); set \(variable) to a key that is valid there")
  }

  private func noCredit(_ status: Int, _ said: String) -> ServiceError {
    // Of 403 the service's own words tell best which it is.
    let what = status == 402 ? "says that the account has no credit for this" : "refused the request"
    let both = status == 402 ? "top it up, or use another key" : Self.forbidden + ": top it up, or use another key"
    return ServiceError(.noCredit, "\(who) \(what) (\(status))\(said); \(both)")
  }

  /// What 403 may mean.
  static let forbidden = "the account may have no credit for this, or the key may not be allowed to do it"

  private func notFound(_ status: Int, _ said: String) -> ServiceError {
    ServiceError(
      .notFound,
      "\(who) has nothing at \(service.baseURL)\(service.paths.generate), or no model '\(service.model)' (\(status))\(said); check --service"
    )
  }

  private func tooLarge(_ said: String) -> ServiceError {
    guard case .submission(let bytes, _) = asked else {
      return ServiceError(.tooLarge, "\(who) finds the request too large (413)\(said)")
    }
    return ServiceError(
      .tooLarge,
      "\(who), or a gateway before it, takes no body of \(megabytes(bytes)) (413)\(said); "
        + "nothing was accepted: send a smaller file, as 'reprise prepare --format mp3' makes one")
  }

  private func serverTrouble(_ status: Int, _ said: String) -> ServiceError {
    ServiceError(.refused, "\(who) does not do this (\(status))\(said); nothing was accepted: check --service")
  }

  /// An answer to a whole submission that is neither an acceptance nor surely a refusal.
  private func mayBeAccepted(
    _ status: Int, _ said: String, _ target: String?, _ requestID: ClientRequestID
  ) -> ServiceError {
    let what =
      switch status {
      case 500...599: "failed on the submission (\(status))\(said)"
      case 300...399: "redirects the submission\(place(of: target)) (\(status))\(said)"
      case ..<200: "answered the submission with something that is no HTTP answer"
      default: "answered the submission with \(status)\(said), which says nothing of what became of it"
      }
    return ServiceError(
      .ambiguous,
      "\(who) \(what); it may have accepted and billed it all the same: " + service.reconciling(requestID),
      mayHaveBeenAccepted: true)
  }

  /// A server that gave up while the body was on its way has no whole request.
  private func incomplete(_ status: Int, _ said: String) -> ServiceError {
    ServiceError(
      .serverTrouble,
      "\(who) broke off the submission (\(status))\(said); it has no whole request, so nothing was accepted: try again later"
    )
  }

  func redirected(_ target: String?) -> ServiceError {
    ServiceError(
      .refused,
      "\(who) redirects\(place(of: target)); key and audio don't follow redirects: give the right base URL by --service if you trust it"
    )
  }

  private func place(of target: String?) -> String {
    let address = target.flatMap { try? WebAddress($0, what: "") }
    return address.map { " to \(printable($0.origin, limit: 120))" } ?? ""
  }

  /// A submission's 2xx is a refusal only in the service's own words for an error. A page may come from a gateway that
  /// stands before a service which took the request, and words such as "ok" refuse nothing.
  private func unexpectedSuccess(_ status: Int, _ words: AnswerWords, hasUnusableID: Bool) -> ServiceError {
    let page = "answered a web page, not JSON; is \(service.baseURL) a cover service's base URL?"
    let said = words.message.map { ": \($0)" } ?? ""
    guard case .submission(_, let requestID) = asked else {
      return ServiceError(
        .badAnswer,
        words.isPage
          ? "\(who) \(page)"
          : "\(who) answered something that is no \(isLog ? "log" : "generation")\(said); \(untouched): ask again later"
      )
    }
    if words.isError {
      return ServiceError(.refused, "\(who) answered \(status) with an error and no generation\(said)")
    }
    let id = hasUnusableID ? "with an id that can't be used" : "without an id"
    let answered = words.isPage ? "\(page) If it is," : "answered \(status) \(id)\(said);"
    return ServiceError(
      .ambiguous,
      "\(who) \(answered) it may have accepted and billed the submission: " + service.reconciling(requestID),
      mayHaveBeenAccepted: true)
  }

  private func resultMeaning(
    of status: Int, _ said: String, _ origin: String, storeCode: String?
  ) -> ServiceError {
    let place = printable(origin, limit: 120)
    let said = storeCode.map { ": \($0)" } ?? said
    switch status {
    // Stores say it by 400 where it is the session that has expired, not the signature.
    case _ where storeCode?.contains("Expired") == true, 401, 403, 404, 410:
      return ServiceError(
        .expired,
        "the result at \(place) is not to be had any more (\(status))\(said); such URLs are good for about a day: "
          + "resuming the job asks the service for a new one")
    case 408, 425, 429:
      return ServiceError(
        .rateLimited,
        "\(place) has too many requests just now (\(status)); the result is still there: fetch it again a little later")
    case 500...599:
      return ServiceError(
        .serverTrouble, "\(place) is in trouble (\(status)); the result is still there: fetch it again later")
    case 200...299: return ServiceError(.badAnswer, "\(place) answered \(status) where the result was wanted")
    default: return ServiceError(.refused, "\(place) refused to hand out the result (\(status))\(said)")
    }
  }
}
