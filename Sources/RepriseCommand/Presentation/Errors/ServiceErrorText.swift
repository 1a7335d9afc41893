import RepriseService
import RepriseSystem

/// The text for errors of services: the fact and advice.
enum ServiceErrorText {
  /// Returns the sentence for an error.
  static func sentence(_ error: ServiceError) -> String {
    let kept = error.answerKeptAt.map { "; what it answered is kept in \($0)" } ?? ""
    return KeyRedaction.apply(to: text(error) + kept)
  }

  private static func text(_ error: ServiceError) -> String {
    if case .answer(let answer) = error.problem { return AnswerText.sentence(answer) }
    if case .connection(.noTunnel(let peer, let proxy, let status, let reason)) = error.problem {
      return tunnel(peer, proxy, status, reason)
    }
    if case .generation(.ended(let end)) = error.problem, end.ending == .rejected {
      return "\(end.head); change the prompt, the lyrics or the audio before it is sent again:"
        + " \(ServiceError.GenerationProblem.End.bill)"
    }
    return error.problem.phrase(ErrorPresentation.part) + advice(error)
  }

  /// Returns the advice that follows the fact.
  private static func advice(_ error: ServiceError) -> String {
    switch error.problem {
    case .address(let problem): advice(problem)
    case .key(let problem): advice(problem)
    case .configuration(let problem): ConfigurationText.advice(problem)
    case .request(let problem): advice(problem)
    case .setup(let problem): advice(problem)
    case .connection(let problem): advice(problem)
    case .generation(let problem): advice(problem, job: error.job)
    case .log(let problem): advice(problem)
    case .submission(let problem): advice(problem)
    case .result(let problem): advice(problem)
    case .answer, .inline, .file, .nothingSent, .failed, .detail: ""
    }
  }

  private static func advice(_ problem: ServiceError.AddressProblem) -> String {
    switch problem {
    case .unknownService: ", or give a base URL such as http://127.0.0.1:8080"
    case .credentials: "; take it out and give the key by AIML_API_KEY instead"
    case .badHost: "; check it"
    case .badPort: "; correct it"
    case .queryOrFragment: "; end it before that"
    case .clearText(_, let origin): "; use https, or unset \(origin) if that service needs none"
    case .notBaseURL, .unusable, .tooManyRedirects, .insecureRedirect: ""
    }
  }

  private static func advice(_ problem: ServiceError.KeyProblem) -> String {
    switch problem {
    case .missing(_, let variables, let file):
      let remedies = [
        variables.isEmpty ? nil : "set one of \(variables.joined(separator: ", "))",
        file.map { "put it into \($0) (chmod 600)" },
      ].compactMap(\.self).joined(separator: ", or ")
      return ": " + (remedies.isEmpty ? "--send-key sends it the remote service's" : remedies)
        + "; without a key, --service local makes the cover here"
    case .unusable(_, let fault):
      return switch fault {
      case .empty, .emptyWithin: "; put the service's key there, or unset it"
      case .characters: "; put the key there alone, on one line"
      case .quotationMarks: "; put the key there without any"
      case .variableName: "; put the key itself there"
      case .placeholder: "; put the service's key there"
      }
    case .unreadable: return ""
    case .notFile: return "; put the key into a file there, or move what is there away"
    case .readableByOthers(let path, _): return "; run: chmod 600 \(path)"
    case .ownedByOther: return "; make one of your own, mode 600"
    }
  }

  private static func advice(_ problem: ServiceError.RequestProblem) -> String {
    switch problem {
    case .lyricsMissing: "; give them by --lyrics TEXT or --lyrics @FILE"
    case .format(let path, _, _), .tooLarge(let path, _, _): "; try 'reprise prepare \(path)'"
    case .requestIDCharacters: "; leave it out"
    case .notRegular: "; write it to a file first"
    case .changed: "; start again once nothing writes to it any more"
    case .length, .sampleRate, .bitrate, .empty, .requestIDLength, .unreadable: ""
    }
  }

  private static func advice(_ problem: ServiceError.SetupProblem) -> String {
    switch problem {
    case .missing: "; install it: apt install libcurl4, or brew install curl"
    case .notStarted: "; is there memory left?"
    case .option: "; reprise needs libcurl 7.87 or newer with https"
    case .certificates: "; correct the variable, or unset it"
    }
  }

  private static func advice(_ problem: ServiceError.ConnectionProblem) -> String {
    switch problem {
    case .unreachable, .noTunnel: "; check the address and the network"
    case .tooSlow: "; try again later"
    case .broken, .streamEnded, .cutShort: "; try again"
    case .noProtocol: "; check the address"
    case .ambiguous(let ambiguity):
      ": " + (ambiguity.keptAt.map { "what came is kept in \($0); " } ?? "")
        + reconciling(ambiguity.trace, log: "the service's log")
    case .untrusted, .answerTooLarge, .refusedWhileSending, .stoppedWhileSending, .notWhole: ""
    }
  }

  /// Returns the sentence for a proxy that established no tunnel.
  private static func tunnel(_ peer: String, _ proxy: String, _ status: Int, _ reason: String) -> String {
    let fact = ServiceError.ConnectionProblem.tunnel(proxy, status, reason)
    let advice =
      switch status {
      case 0: "check https_proxy"
      case 407: "put them into https_proxy"
      default: "check https_proxy and no_proxy"
      }
    return "\(peer) can't be reached (\(fact); \(advice)); check the address and the network"
  }

  private static func advice(_ problem: ServiceError.GenerationProblem, job: String?) -> String {
    switch problem {
    case .noURL: "; resume the job later"
    case .foreign: ": ask again later"
    case .timedOut(let timeOut):
      ": don't send it again, go on with 'reprise resume \(job ?? timeOut.id)'"
    case .stopped(let id): ": go on with 'reprise resume \(job ?? id)'"
    case .ended(let end):
      end.ending == .failed ? ": change the prompt, the lyrics or the audio and try again" : ""
    case .abandoned, .answersOnce: ""
    }
  }

  private static func advice(_ problem: ServiceError.LogProblem) -> String {
    switch problem {
    case .emptyPage, .tooSlow: "; ask again later"
    case .tooLong(_, _, let requestID): "; look there for request id \(requestID)"
    }
  }

  private static func advice(_ problem: ServiceError.SubmissionProblem) -> String {
    switch problem {
    case .textsGone: "; begin it again with 'reprise cover'"
    case .audioUnreadable: "; put it back, or begin again with 'reprise cover'"
    case .audioChanged: ": begin again with 'reprise cover'"
    case .ambiguous(let job, _, _):
      ". Look for request id \(job) in the service's log or bill; only if it is not there:"
        + " 'reprise resume \(job) --resend' sends it again, 'reprise jobs forget --force \(job)' drops it"
    case .failed: ", and the cover can be asked for anew"
    case .outputGone: ": 'reprise cover' makes another"
    case .notNoted, .cannotBeAsked, .resultLost: ""
    }
  }

  private static func advice(_ problem: ServiceError.ResultProblem) -> String {
    switch problem {
    case .empty, .text: "; resuming the job asks for it again"
    case .incomplete, .mismatch, .noPart: "; try again"
    case .partial: "; resume the job to fetch the rest"
    case .inUse: "; wait for it"
    case .notRegular: "; remove it"
    case .outOfRoom: ": free some space and resume the job"
    case .earlierAnswer: ": resume the job, or move the file away"
    case .encoded, .tooLarge, .length, .notPlaced, .notReported, .stillMissing: ""
    }
  }

  /// Returns advice on a submission that may have been accepted: to consult the log, or the bill if there is no log.
  ///
  /// - Parameters:
  ///   - trace: The trace by which the submission can be found.
  ///   - log: The name of the log.
  /// - Returns: The advice.
  static func reconciling(_ trace: ServiceError.SubmissionTrace, log: String) -> String {
    trace.isLogged
      ? "look for request id \(trace.requestID) in \(log) before you send it again"
      : "the service keeps no log, so look at the account's bill there before you send it again (request id "
        + "\(trace.requestID))"
  }
}
