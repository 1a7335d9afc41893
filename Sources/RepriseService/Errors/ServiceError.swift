/// Why a cover could not be asked for, waited for or fetched.
///
/// Its texts never hold a key, and nothing of a prompt, of lyrics or of a presigned URL's query.
public struct ServiceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of trouble callers act on differently.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// The service, or a rule of ours, said no: an unknown service, a redirect, a CDN's refusal.
    case refused
    /// The request breaks the service's rules; nothing was sent, or the service answered 400 or 422.
    case validation
    /// No key, or one the service does not take.
    case unauthorized
    /// The account has no credit left.
    case noCredit
    /// The service knows no such generation, or the path or model is wrong.
    case notFound
    /// The body is larger than the service, or a gateway before it, takes.
    case tooLarge
    /// Too many requests or too many at once; nothing was accepted.
    case rateLimited
    /// The service is in trouble (5xx); on a submission only where it surely accepted nothing: its own 503, 501, or one
    /// that came before the whole body had left.
    case serverTrouble
    /// No connection, or one that broke before anything could have been accepted.
    case unreachable
    /// A submission failed after all of it had left, or was answered neither by an id nor by a sure refusal: it may
    /// have been accepted, and billed.
    case ambiguous
    /// The deadline passed; the generation goes on at the service.
    case timedOut
    /// The service answered something that is not in its contract.
    case badAnswer
    /// The service took the request and could not make the cover.
    case generationFailed
    /// The result's URL is too old, or the result is gone.
    case expired
    /// What came down is not audio, or not all of it.
    case notAudio
    /// A file of ours could not be read or written.
    case io
    /// The caller asked to stop.
    case cancelled
  }

  /// The kind by which callers act.
  public let code: Code
  /// What was wrong: the facts, with their numbers, names and causes.
  public internal(set) var problem: Problem
  /// The HTTP status, if the service answered.
  public var status: Int?
  /// How long the service asked to be left alone.
  public var retryAfter: Duration?
  /// The generation it is about, once there is one.
  public var generationID: String?
  /// `true` if the service may have taken, and billed, the submission this error ended. Such a submission must not be
  /// sent again without asking the service's log or the person.
  public var mayHaveBeenAccepted: Bool
  /// The name of the job it is about, where one is kept in a ledger: what resuming goes on with.
  package var job: String?
  /// The path of the file that keeps the response it is about, where that was not understood.
  package var answerKeptAt: String?
  /// What a response that is no generation is to whoever waits for one.
  enum Unusable: Sendable, Equatable {
    /// A web page, nothing at all, half of it, or something else: the next response may be one.
    case unrecognized
    /// The service does not know the generation, or not yet.
    case notFound
  }

  /// Why asking once more may be answered better, though the code alone does not say so; `nil` if it does.
  var unusable: Unusable?
  /// The response it is about, where that was not understood: for the person to look at. No key is in it.
  package var unrecognizedAnswer: [UInt8]?

  /// Creates an error from its facts.
  ///
  /// - Parameters:
  ///   - code: the kind by which callers act.
  ///   - problem: what was wrong.
  ///   - status: the HTTP status, if the service answered.
  ///   - retryAfter: how long the service asked to be left alone.
  ///   - generationID: the generation it is about.
  ///   - mayHaveBeenAccepted: whether the submission may be billed all the same.
  package init(
    _ code: Code, _ problem: Problem, status: Int? = nil, retryAfter: Duration? = nil, generationID: String? = nil,
    mayHaveBeenAccepted: Bool = false
  ) {
    self.code = code
    self.problem = if case .detail(let text) = problem { .detail(KeyRedaction.apply(to: text)) } else { problem }
    self.status = status
    self.retryAfter = retryAfter
    self.generationID = generationID
    self.mayHaveBeenAccepted = mayHaveBeenAccepted
  }

  /// The same error about another problem, such as one that has this one's within.
  ///
  /// - Parameter problem: what was wrong.
  /// - Returns: the error, with everything but its problem as it is here.
  package func about(_ problem: Problem) -> ServiceError {
    var error = self
    error.problem = problem
    return error
  }

  /// The error that led to this one, if there is one: a `FileError`, an `Errno`, another `ServiceError`.
  public var underlying: (any Error)? { problem.underlying }

  /// The facts in a short phrase, without advice.
  public var description: String { phrase { "\($0)" } }

  /// The facts in a phrase.
  ///
  /// - Parameter spell: gives the text of an error within.
  /// - Returns: the phrase, without advice but for what `spell` gives.
  package func phrase(_ spell: (any Error) -> String) -> String {
    let kept = answerKeptAt.map { "; what it answered is kept in \($0)" } ?? ""
    return KeyRedaction.apply(to: problem.phrase(spell) + kept)
  }
}

extension ServiceError {
  /// Removes a request's texts from the error.
  ///
  /// - Parameter mask: of the request's texts.
  /// - Returns: the error with each piece of them replaced by its name.
  public func masked(by mask: WordsMask) -> ServiceError { about(problem.replacingTexts(mask.apply(to:))) }
}
