extension ServiceError {
  /// A response that is not the wanted one: who gave it, to what, and what it means.
  public struct AnswerProblem: Sendable, Equatable, CustomStringConvertible {
    /// What was asked.
    public enum Asked: Sendable, Equatable {
      /// To make a cover.
      case submission
      /// How far a generation is.
      case generation
      /// What the log says.
      case log
      /// To hand out a result.
      case result
    }

    /// What a response means.
    public enum Meaning: Sendable, Equatable {
      /// The request breaks a rule of the service's.
      case invalid
      /// The key, found at `keyOrigin`, is not taken; `nil` if none was sent. A valid one would be in `variable`.
      case unauthorized(keyOrigin: String?, variable: String?)
      /// The account has no credit.
      case noCredit
      /// The account may have no credit, or the key may not do it.
      case forbidden
      /// A CDN's page in the place of the service's response.
      case blockedByCDN
      /// A gateway's page in the place of the service's response.
      case gatewayPage
      /// There is nothing at this URL, or no such model.
      case notFound(url: String, model: String)
      /// The service knows no such generation, or has no log.
      case unknown(String)
      /// The body, of so many bytes, or the question is too large.
      case tooLarge(bytes: Int?)
      /// Too many requests.
      case busy
      /// The service is not available.
      case unavailable
      /// An error of the service's own.
      case serverTrouble
      /// A refusal for another reason.
      case refused
      /// A redirect, to this origin where it could be read.
      case redirected(to: String?)
      /// A web page from this base URL.
      case page(baseURL: String)
      /// Something that is no generation, or no log.
      case unrecognized
      /// An error in a body under a status that means success.
      case errorInBody
      /// The submission was not whole, and the service broke it off.
      case incomplete
      /// The submission may have been accepted, and billed.
      case ambiguous(Ambiguity, SubmissionTrace, keptAt: String?)
      /// The prompt, the lyrics, the audio or the cover hold something that is not allowed.
      case content
      /// The cover could not be made.
      case failed
      /// The result is not there any more.
      case expired
      /// The status of a whole, and not the result.
      case unexpected
    }

    /// What about a response leaves it open whether a submission was accepted.
    public enum Ambiguity: Sendable, Equatable {
      /// A status from 500 to 599.
      case failed
      /// A redirect, to this origin where it could be read.
      case redirected(to: String?)
      /// A status below 200.
      case noAnswer
      /// A status that says nothing of what became of it.
      case status
      /// A web page from this base URL.
      case page(baseURL: String)
      /// Success, without an id.
      case noID
      /// Success, with an id that can't be used.
      case unusableID
      /// The cover is still being made.
      case inProgress
      /// MiniMax's verdict, `base_resp`, is missing.
      case noVerdict
      /// MiniMax's success, without audio.
      case noAudio
      /// MiniMax's code for an error without a name.
      case unnamed
      /// MiniMax's code for having waited for too long.
      case gaveUp
      /// A code that MiniMax's documentation does not have.
      case undocumented
    }

    /// Who gave it: a service as messages name it, or the origin of a result.
    package var who: String
    /// What was asked.
    public var asked: Asked
    /// The HTTP status, or the service's own code in its place.
    public var status: Int
    /// The service's own words, made fit for a terminal, if there are any.
    public var said: String?
    /// What it means.
    public var meaning: Meaning

    package init(who: String, asked: Asked, status: Int, said: String?, meaning: Meaning) {
      self.who = who
      self.asked = asked
      self.status = status
      self.said = said
      self.meaning = meaning
    }

    /// The fact, with what it leaves as it was.
    public var description: String { head + (untouched.map { "; \($0)" } ?? "") }

    /// What a question leaves as it was, where the response to it says so little. A refusal to answer is no verdict
    /// about what was asked for, and no reason to order it again.
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

    private var told: String { "(\(status))\(words)" }
    private var words: String { said.map { ": \($0)" } ?? "" }
    private var bracketed: String { "(\(status)\(said.map { ", \($0)" } ?? ""))" }

    private var submissionHead: String {
      switch meaning {
      case .unauthorized(let origin, _):
        "\(who) refused \(origin.map { "the key from \($0)" } ?? "a request without a key") \(told)"
      case .noCredit: "\(who) says that the account has no credit for this \(told)"
      case .forbidden:
        "\(who) refused the request \(told); the account may have no credit for this, or the key may not be allowed to do it"
      case .blockedByCDN: "a CDN before \(who) refused the connection \(bracketed); this is not about credit"
      case .gatewayPage: "a gateway before \(who) answered with a web page \(bracketed)"
      case .notFound(let url, let model): "\(who) has nothing at \(url), or no model '\(model)' \(told)"
      case .tooLarge(let bytes):
        "\(who), or a gateway before it, takes no body of \(megabytes(bytes ?? 0)) \(told); nothing was accepted"
      case .busy: "\(who) has too many requests just now \(told); nothing was accepted"
      case .unavailable: "\(who) is not available just now \(told)"
      case .serverTrouble: "\(who) does not do this \(told); nothing was accepted"
      case .redirected(let origin):
        "\(who) redirects\(origin.map { " to \($0)" } ?? ""); key and audio don't follow redirects"
      case .page: "\(who) answered a web page, not JSON"
      case .errorInBody: "\(who) answered \(status) with an error and no generation\(words)"
      case .incomplete: "\(who) broke off the submission \(told); it has no whole request, so nothing was accepted"
      case .ambiguous(let ambiguity, _, let keptAt): ambiguousHead(ambiguity, keptAt)
      case .content:
        "\(who) finds something it does not allow in the words, the audio or the cover \(told)"
      case .failed:
        "\(who) could not make the cover \(told); nothing was made and failed requests are not charged"
      case .invalid, .refused, .unknown, .unrecognized, .expired, .unexpected: "\(who) refused the request \(told)"
      }
    }

    private func ambiguousHead(_ ambiguity: Ambiguity, _ keptAt: String?) -> String {
      let kept = keptAt.map { "; what it said is kept in \($0)" } ?? ""
      let what =
        switch ambiguity {
        case .failed: "failed on the submission \(told)"
        case .redirected(let origin): "redirects the submission\(origin.map { " to \($0)" } ?? "") \(told)"
        case .noAnswer: "answered the submission with something that is no HTTP answer"
        case .status: "answered the submission with \(status)\(words), which says nothing of what became of it"
        case .page: "answered a web page, not JSON"
        case .noID: "answered \(status) without an id\(words)"
        case .unusableID: "answered \(status) with an id that can't be used\(words)"
        case .inProgress: "says that the cover is still being made, so that what it sent is not all of it"
        case .noVerdict: "answered \(status) without base_resp"
        case .noAudio: "says that all is well, and its answer holds no audio"
        case .unnamed: "met an error it has no name for \(told)"
        case .gaveUp: "gave up waiting for its own work \(told)"
        case .undocumented: "answered with a code that is not in its documentation \(told)"
        }
      let it =
        switch ambiguity {
        case .failed, .redirected, .noAnswer, .status: "it all the same"
        default: "the submission"
        }
      return "\(who) \(what)\(kept); it may have accepted and billed \(it)"
    }

    private var questionHead: String {
      let what = asked == .generation ? "tell how far the generation is" : "show its log"
      return switch meaning {
      case .redirected, .unauthorized, .blockedByCDN, .page: submissionHead
      case .gatewayPage where asked == .log:
        "a gateway before \(who) answered with a web page (\(status)) where its log was asked"
      case .gatewayPage:
        "a gateway before \(who) answered with a web page \(bracketed), as they do while a service is replaced"
      case .noCredit, .forbidden:
        "\(who) refused to \(what) \(told); the account may have no credit, or this key may not ask it"
      case .unknown(let id) where asked == .generation:
        "\(who) knows no generation '\(id)' \(told); it was made elsewhere, under another key, or is gone"
      case .unknown: "\(who) has no log where it was asked for it \(told)"
      case .tooLarge: "\(who) finds the question too large \(told)"
      case .busy: "\(who) has too many requests just now \(told)"
      case .unavailable: "\(who) is not available just now \(told)"
      case .serverTrouble: "\(who) is in trouble \(told)"
      case .unrecognized: "\(who) answered something that is no \(asked == .log ? "log" : "generation")\(words)"
      default: "\(who) refused to \(what) \(told)"
      }
    }

    private var resultHead: String {
      switch meaning {
      case .expired:
        "the result at \(who) is not to be had any more \(told); such URLs are good for about a day"
      case .busy: "\(who) has too many requests just now (\(status)); the result is still there"
      case .serverTrouble: "\(who) is in trouble (\(status)); the result is still there"
      case .unexpected: "\(who) answered \(status) where the result was wanted"
      default: "\(who) refused to hand out the result \(told)"
      }
    }
  }
}
