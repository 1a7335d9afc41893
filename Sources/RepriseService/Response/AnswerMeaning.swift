/// The meaning of an unwanted HTTP response, as a code and facts.
///
/// Pure: the only input is the response.
struct AnswerMeaning {
  /// The kind of request.
  enum Asked {
    /// A submission of this many body bytes under a request id.
    case submission(bytes: Int, requestID: ClientRequestID)
    /// A query of a generation's status.
    case poll(id: String)
    /// A query of the service's log.
    case log
    /// A download of a result from a host.
    case result(origin: String)
  }

  let service: ServiceDescription
  let key: APIKey?
  let asked: Asked

  /// Returns the error for a response; a 2xx one only if it does not follow the contract.
  func error(for answer: HTTPAnswer) -> ServiceError {
    let text = AnswerText(answer.body)
    var status = answer.status
    // Some services send 200 and tell the actual status in the body.
    if (200...299).contains(status), let claimed = text.claimedStatus { status = claimed }
    // Others tell in words, beside the requested id, what HTTP tells by 404.
    if case .poll(let id) = asked, (200...299).contains(status), GenerationReader(asked: id).isNotFound(answer.body) {
      status = 404
    }
    var error = meaning(of: status, text, answer)
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

  /// Returns the kind of unusable response to a poll: a page, nothing, or a generation that is unknown, perhaps not for
  /// long.
  private func unusable(_ error: ServiceError, _ status: Int) -> ServiceError.Unusable? {
    switch (error.code, status) {
    case (.badAnswer, _): .unrecognized
    case (.notFound, 404): .notFound
    default: nil
    }
  }

  private func meaning(of status: Int, _ text: AnswerText, _ answer: HTTPAnswer) -> ServiceError {
    let said = text.message
    if case .submission(let bytes, let requestID) = asked, !(200...299).contains(status) {
      // A server that sends 2xx before it has the whole body may have needed no more of it.
      let isWhole = answer.bodySent >= bytes || (200...299).contains(answer.status)
      let verdict = SubmissionVerdict(
        status: status, contractStatus: text.contractStatus, isWhole: isWhole, isSynchronous: service.answersWithResult
      )
      switch verdict {
      case .mayBeAccepted: return mayBeAccepted(status, said, answer.redirect, requestID)
      case .incomplete: return error(.serverTrouble, status, said, .incomplete)
      case .refused: break
      }
    }
    if case .result = asked {
      return resultMeaning(of: status, said, storeCode: ResultCheck.storeCode(answer.body))
    }
    switch status {
    case 200...299:
      return unexpectedSuccess(
        status, text, hasUnusableID: isSubmission && GenerationReader().holdsUnusableID(answer.body))
    // Pages with 403 and 404 come from CDNs and gateways.
    case _ where !isSubmission && !(text.isPage && [403, 404].contains(status)):
      return questionMeaning(of: status, said, answer.redirect)
    case 300...399: return error(.refused, status, nil, .redirected(to: origin(of: answer.redirect)))
    case 400, 422: return error(.validation, status, said, .invalid)
    case 401: return error(.unauthorized, 401, said, unauthorized)
    case 402: return error(.noCredit, status, said, .noCredit)
    case 403:
      return text.isPage ? error(.refused, 403, said, .blockedByCDN) : error(.noCredit, status, said, .forbidden)
    case 404 where text.isPage && !isSubmission: return error(.serverTrouble, 404, said, .gatewayPage)
    case 404, 410:
      let url = "\(service.baseURL)\(service.paths.generate)"
      return error(.notFound, status, said, .notFound(url: url, model: service.model))
    case 413: return error(.tooLarge, 413, said, .tooLarge(bytes: bodyBytes))
    case 408, 425, 429: return error(.rateLimited, status, said, .busy)
    case 503: return error(.serverTrouble, 503, said, .unavailable)
    case 500...599: return error(.refused, status, said, .serverTrouble)
    default: return error(.refused, status, said, .refused)
    }
  }

  /// Returns an error about the response.
  ///
  /// - Parameters:
  ///   - code: The kind by which callers act.
  ///   - status: The status that the response reports, in its head or in its body.
  ///   - said: The service's own message.
  ///   - meaning: The meaning of the response.
  /// - Returns: The error.
  func error(
    _ code: ServiceError.Code, _ status: Int, _ said: String?, _ meaning: ServiceError.AnswerProblem.Meaning
  ) -> ServiceError {
    let kind: ServiceError.AnswerProblem.Asked
    var peer = who
    switch asked {
    case .submission: kind = .submission
    case .poll: kind = .generation
    case .log: kind = .log
    case .result(let origin): (kind, peer) = (.result, printable(origin, limit: 120))
    }
    return ServiceError(
      code,
      .answer(ServiceError.AnswerProblem(who: peer, asked: kind, status: status, said: said, meaning: meaning)),
      mayHaveBeenAccepted: code == .ambiguous)
  }

  private var isSubmission: Bool { if case .submission = asked { true } else { false } }

  private var bodyBytes: Int? { if case .submission(let bytes, _) = asked { bytes } else { nil } }

  var isPoll: Bool { if case .poll = asked { true } else { false } }

  var who: String { service.spokenName }

  /// Meaning of 401.
  var unauthorized: ServiceError.AnswerProblem.Meaning {
    .unauthorized(keyOrigin: key?.origin, variable: service.keyVariables.first)
  }

  /// Returns the error for a response to a whole submission that is neither an acceptance nor a certain refusal.
  private func mayBeAccepted(
    _ status: Int, _ said: String?, _ target: String?, _ requestID: ClientRequestID
  ) -> ServiceError {
    let ambiguity: ServiceError.AnswerProblem.Ambiguity =
      switch status {
      case 500...599: .failed
      case 300...399: .redirected(to: origin(of: target))
      case ..<200: .noAnswer
      default: .status
      }
    return error(.ambiguous, status, said, .ambiguous(ambiguity, service.trace(of: requestID), keptAt: nil))
  }

  /// Returns the origin of a redirect's target, or `nil` if the target is no usable URL.
  func origin(of target: String?) -> String? {
    target.flatMap { try? WebAddress($0, what: "") }.map { printable($0.origin, limit: 120) }
  }

  /// Returns the error for an unwanted 2xx response.
  ///
  /// For a submission only the service's own error message is a refusal. A page may come from a gateway before a
  /// service that accepted the request, and messages such as "ok" refuse nothing.
  private func unexpectedSuccess(_ status: Int, _ text: AnswerText, hasUnusableID: Bool) -> ServiceError {
    guard case .submission(_, let requestID) = asked else {
      return error(
        .badAnswer, status, text.message, text.isPage ? .page(baseURL: service.baseURL) : .unrecognized)
    }
    if text.isError { return error(.refused, status, text.message, .errorInBody) }
    let ambiguity: ServiceError.AnswerProblem.Ambiguity =
      text.isPage ? .page(baseURL: service.baseURL) : hasUnusableID ? .unusableID : .noID
    return error(.ambiguous, status, text.message, .ambiguous(ambiguity, service.trace(of: requestID), keptAt: nil))
  }

  private func resultMeaning(of status: Int, _ said: String?, storeCode: String?) -> ServiceError {
    let said = storeCode ?? said
    switch status {
    // Stores send 400 if the session has expired, rather than the signature.
    case _ where storeCode?.contains("Expired") == true, 401, 403, 404, 410:
      return error(.expired, status, said, .expired)
    case 408, 425, 429: return error(.rateLimited, status, said, .busy)
    case 500...599: return error(.serverTrouble, status, said, .serverTrouble)
    case 200...299: return error(.badAnswer, status, said, .unexpected)
    default: return error(.refused, status, said, .refused)
    }
  }
}
