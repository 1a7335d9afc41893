extension ServiceError {
  /// An unwanted response: its sender, the request and the meaning.
  package struct AnswerProblem: Sendable, Equatable, CustomStringConvertible {
    /// The kind of request.
    package enum Asked: Sendable, Equatable {
      /// A submission.
      case submission
      /// A query of a generation's status.
      case generation
      /// A query of the log.
      case log
      /// The download of a result.
      case result
    }

    /// The meaning of a response.
    package enum Meaning: Sendable, Equatable {
      /// The request breaks a rule of the service's.
      case invalid
      /// The key, found at `keyOrigin`, is not accepted; `keyOrigin` is `nil` if none was sent, `variable` may hold a
      /// valid one.
      case unauthorized(keyOrigin: String?, variable: String?)
      /// The account has no credit.
      case noCredit
      /// The account may have no credit, or the key may lack the permission.
      case forbidden
      /// A CDN sent a page in place of the service's response.
      case blockedByCDN
      /// A gateway sent a page in place of the service's response.
      case gatewayPage
      /// There is nothing at this URL, or no such model.
      case notFound(url: String, model: String)
      /// The service knows no such generation, or has no log.
      case unknown(String)
      /// The body, of this many bytes, or the query is too large.
      case tooLarge(bytes: Int?)
      /// Too many requests were sent.
      case busy
      /// The service is not available.
      case unavailable
      /// The service itself had an error.
      case serverTrouble
      /// The request was refused for another reason.
      case refused
      /// The response redirects, to this origin if that could be parsed.
      case redirected(to: String?)
      /// The response is a web page from this base URL.
      case page(baseURL: String)
      /// The response is no generation, or no log.
      case unrecognized
      /// The body reports an error under a status that means success.
      case errorInBody
      /// The submission was incomplete, and the service terminated it.
      case incomplete
      /// The submission may have been accepted, and billed.
      case ambiguous(Ambiguity, SubmissionTrace, keptAt: String?)
      /// The prompt, the lyrics, the audio or the cover hold disallowed content.
      case content
      /// The cover could not be made.
      case failed
      /// The result does not exist any more.
      case expired
      /// The status is that of a complete response, but the body is not the result.
      case unexpected
    }

    /// The reason why a response does not show for certain that a submission was not accepted.
    package enum Ambiguity: Sendable, Equatable {
      /// The status is from 500 to 599.
      case failed
      /// The response redirects, to this origin if that could be parsed.
      case redirected(to: String?)
      /// The status is below 200.
      case noAnswer
      /// The status does not show the outcome.
      case status
      /// The response is a web page from this base URL.
      case page(baseURL: String)
      /// The response means success and has no id.
      case noID
      /// The response means success and has an unusable id.
      case unusableID
      /// The cover is still being made.
      case inProgress
      /// `base_resp`, MiniMax's verdict, is missing.
      case noVerdict
      /// MiniMax's response means success and has no audio.
      case noAudio
      /// MiniMax's code for an unnamed error.
      case unnamed
      /// MiniMax's code for a timeout.
      case gaveUp
      /// A code that is not in MiniMax's documentation.
      case undocumented
    }

    /// Sender of the response: a service as messages name it, or the origin of a result.
    package var who: String
    /// Kind of request.
    package var asked: Asked
    /// HTTP status, or the service's own code in its place.
    package var status: Int
    /// Message of the service, if there is one, made safe for a terminal.
    package var said: String?
    /// Meaning of the response.
    package var meaning: Meaning

    package init(who: String, asked: Asked, status: Int, said: String?, meaning: Meaning) {
      self.who = who
      self.asked = asked
      self.status = status
      self.said = said
      self.meaning = meaning
    }

    /// The fact, followed by the subject about which a failed query shows nothing.
    package var description: String { head + (untouched.map { "; \($0)" } ?? "") }

    /// Phrase that names the subject about which a failed query shows nothing; `nil` if the response reports that
    /// itself.
    ///
    /// A refusal to answer proves nothing about the subject of the query, and is no reason to order a cover again.
    package var untouched: String? {
      switch (asked, meaning) {
      case (.submission, _), (.result, _), (_, .page), (_, .blockedByCDN), (.log, .gatewayPage): nil
      case (.generation, .unknown): nil
      case (.generation, _): "that says nothing about the generation"
      case (.log, _): "that says nothing about what was submitted"
      }
    }

    /// The fact alone.
    package var head: String {
      switch asked {
      case .submission: submissionHead
      case .generation, .log: questionHead
      case .result: resultHead
      }
    }

    private var statusAndReason: String { "(\(status))\(quotation)" }
    private var quotation: String { said.map { ": \($0)" } ?? "" }
    private var bracketed: String { "(\(status)\(said.map { ", \($0)" } ?? ""))" }

    private var submissionHead: String {
      switch meaning {
      case .unauthorized(let origin, _):
        "\(who) refused \(origin.map { "the key from \($0)" } ?? "a request without a key") \(statusAndReason)"
      case .noCredit: "\(who) says that the account has no credit for this \(statusAndReason)"
      case .forbidden:
        "\(who) refused the request \(statusAndReason); the account may have no credit for this, or the key may not be allowed to do it"
      case .blockedByCDN: "a CDN before \(who) refused the connection \(bracketed); this is not about credit"
      case .gatewayPage: "a gateway before \(who) answered with a web page \(bracketed)"
      case .notFound(let url, let model): "\(who) has nothing at \(url), or no model '\(model)' \(statusAndReason)"
      case .tooLarge(let bytes):
        "\(who), or a gateway before it, takes no body of \(megabytes(bytes ?? 0)) \(statusAndReason); nothing was accepted"
      case .busy: "\(who) has too many requests just now \(statusAndReason); nothing was accepted"
      case .unavailable: "\(who) is not available just now \(statusAndReason)"
      case .serverTrouble: "\(who) does not do this \(statusAndReason); nothing was accepted"
      case .redirected(let origin):
        "\(who) redirects\(origin.map { " to \($0)" } ?? ""); key and audio don't follow redirects"
      case .page: "\(who) answered a web page, not JSON"
      case .errorInBody: "\(who) answered \(status) with an error and no generation\(quotation)"
      case .incomplete:
        "\(who) broke off the submission \(statusAndReason); it has no whole request, so nothing was accepted"
      case .ambiguous(let ambiguity, _, let keptAt): ambiguousHead(ambiguity, keptAt)
      case .content:
        "\(who) finds something it does not allow in the prompt, the lyrics, the audio or the cover \(statusAndReason)"
      case .failed:
        "\(who) could not make the cover \(statusAndReason); nothing was made and failed requests are not charged"
      case .invalid, .refused, .unknown, .unrecognized, .expired, .unexpected:
        "\(who) refused the request \(statusAndReason)"
      }
    }

    private func ambiguousHead(_ ambiguity: Ambiguity, _ keptAt: String?) -> String {
      let kept = keptAt.map { "; what it said is kept in \($0)" } ?? ""
      let what =
        switch ambiguity {
        case .failed: "failed on the submission \(statusAndReason)"
        case .redirected(let origin): "redirects the submission\(origin.map { " to \($0)" } ?? "") \(statusAndReason)"
        case .noAnswer: "answered the submission with something that is no HTTP answer"
        case .status: "answered the submission with \(status)\(quotation), which says nothing of what became of it"
        case .page: "answered a web page, not JSON"
        case .noID: "answered \(status) without an id\(quotation)"
        case .unusableID: "answered \(status) with an id that can't be used\(quotation)"
        case .inProgress: "says that the cover is still being made, so that what it sent is not all of it"
        case .noVerdict: "answered \(status) without base_resp"
        case .noAudio: "says that all is well, and its answer holds no audio"
        case .unnamed: "met an error it has no name for \(statusAndReason)"
        case .gaveUp: "gave up waiting for its own work \(statusAndReason)"
        case .undocumented: "answered with a code that is not in its documentation \(statusAndReason)"
        }
      let it =
        switch ambiguity {
        case .failed, .redirected, .noAnswer, .status: "it all the same"
        default: "the submission"
        }
      return "\(who) \(what)\(kept); it may have accepted and billed \(it)"
    }

    private var questionHead: String {
      let what = asked == .generation ? "report the generation's status" : "show its log"
      return switch meaning {
      case .redirected, .unauthorized, .blockedByCDN, .page: submissionHead
      case .gatewayPage where asked == .log:
        "a gateway before \(who) answered with a web page (\(status)) where its log was asked"
      case .gatewayPage:
        "a gateway before \(who) answered with a web page \(bracketed), as they do while a service is replaced"
      case .noCredit, .forbidden:
        "\(who) refused to \(what) \(statusAndReason); the account may have no credit, or this key may not ask it"
      case .unknown(let id) where asked == .generation:
        "\(who) knows no generation '\(id)' \(statusAndReason); it was made elsewhere, under another key, or is gone"
      case .unknown: "\(who) has no log where it was asked for it \(statusAndReason)"
      case .tooLarge: "\(who) finds the question too large \(statusAndReason)"
      case .busy: "\(who) has too many requests just now \(statusAndReason)"
      case .unavailable: "\(who) is not available just now \(statusAndReason)"
      case .serverTrouble: "\(who) is in trouble \(statusAndReason)"
      case .unrecognized: "\(who) answered something that is no \(asked == .log ? "log" : "generation")\(quotation)"
      default: "\(who) refused to \(what) \(statusAndReason)"
      }
    }

    private var resultHead: String {
      switch meaning {
      case .expired:
        "the result at \(who) is no longer available \(statusAndReason); such URLs are good for about a day"
      case .busy: "\(who) has too many requests just now (\(status)); the result is still there"
      case .serverTrouble: "\(who) is in trouble (\(status)); the result is still there"
      case .unexpected: "\(who) answered \(status) where the result was wanted"
      default: "\(who) refused to hand out the result \(statusAndReason)"
      }
    }
  }
}
