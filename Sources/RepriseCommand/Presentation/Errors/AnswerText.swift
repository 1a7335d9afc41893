import RepriseService

/// The text for a service's unexpected responses: the fact and advice.
enum AnswerText {
  /// Returns the sentence for a response.
  static func sentence(_ answer: ServiceError.AnswerProblem) -> String {
    switch answer.asked {
    case .submission: submission(answer)
    case .generation, .log: question(answer)
    case .result: answer.description + result(answer.meaning)
    }
  }

  private static func submission(_ answer: ServiceError.AnswerProblem) -> String {
    switch answer.meaning {
    case .ambiguous(.page(let url), let trace, _):
      "\(answer.who) answered a web page, not JSON; is \(url) a cover service's base URL? If it is, it may have accepted"
        + " and billed the submission: " + ServiceErrorText.reconciling(trace, log: "its log")
    case .ambiguous(_, let trace, _):
      "\(answer): " + ServiceErrorText.reconciling(trace, log: "its log")
    default: answer.description + advice(answer.meaning)
    }
  }

  /// Returns the advice that follows the fact.
  private static func advice(_ meaning: ServiceError.AnswerProblem.Meaning) -> String {
    switch meaning {
    case .invalid: "; change what it names and try again"
    case .unauthorized(_, let variable):
      "; set \(variable ?? "the key's variable") to a key that is valid there"
    case .noCredit: "; top it up, or use another key"
    case .forbidden: ": top it up, or use another key"
    case .blockedByCDN: ": try from another network or without a proxy, or report it to the service"
    case .notFound: "; check --service"
    case .tooLarge: ": send a smaller file, as 'reprise prepare --format mp3' makes one"
    case .busy: ": wait a little and try again"
    case .unavailable: "; try again later"
    case .serverTrouble: ": check --service"
    case .redirected: ": give the right base URL by --service if you trust it"
    case .page(let url): "; is \(url) a cover service's base URL?"
    case .incomplete: ": try again later"
    case .content: "; change them and try again"
    case .failed: ": run it again"
    case .gatewayPage, .unknown, .refused, .unrecognized, .errorInBody, .ambiguous, .expired, .unexpected: ""
    }
  }

  private static func question(_ answer: ServiceError.AnswerProblem) -> String {
    let untouched = answer.untouched.map { "; \($0)" } ?? ""
    return switch answer.meaning {
    case .redirected: answer.head + advice(answer.meaning) + untouched
    case .unauthorized: answer.head + advice(answer.meaning) + ", and ask again" + untouched
    case .page, .blockedByCDN: answer.head + advice(answer.meaning)
    case .gatewayPage where answer.asked == .log: "\(answer); ask again later"
    case .noCredit, .forbidden:
      "\(answer): ask again with the key it was submitted with, or once the account is in order"
    case .busy: "\(answer): ask again a little later"
    case .unknown: answer.description
    default: "\(answer): ask again later"
    }
  }

  private static func result(_ meaning: ServiceError.AnswerProblem.Meaning) -> String {
    switch meaning {
    case .expired: ": resuming the job asks the service for a new one"
    case .busy: ": fetch it again a little later"
    case .serverTrouble: ": fetch it again later"
    default: ""
    }
  }
}
