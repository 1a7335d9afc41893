/// An error of submitting a request, waiting for a generation or downloading a result.
///
/// The texts of errors never hold a key, and nothing of a prompt, of lyrics or of a presigned URL's query.
public struct ServiceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of error that callers treat differently.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// The service, or a rule of this module, refused: an unknown service, a redirect, a CDN's refusal.
    case refused
    /// The request breaks the service's rules; nothing was sent, or the service responded 400 or 422.
    case validation
    /// There is no key, or the service does not accept it.
    case unauthorized
    /// The account has no credit left.
    case noCredit
    /// The service knows no such generation, or the path or model is wrong.
    case notFound
    /// The body is larger than the service, or a gateway before it, accepts.
    case tooLarge
    /// There were too many requests, or too many at once; nothing was accepted.
    case rateLimited
    /// The service failed (5xx).
    ///
    /// For a submission, only if surely nothing was accepted: the service's own 503, 501, or one received before the
    /// whole body had been sent.
    case serverTrouble
    /// There was no connection, or it broke before anything could have been accepted.
    case unreachable
    /// A submission failed after all of it had been sent, or its response was neither an id nor a certain refusal.
    ///
    /// The submission may have been accepted, and billed.
    case ambiguous
    /// The deadline passed; the generation goes on at the service.
    case timedOut
    /// The service's response is not in its contract.
    case badAnswer
    /// The service accepted the request and could not make the cover.
    case generationFailed
    /// The result's URL has expired, or the result is gone.
    case expired
    /// The downloaded bytes are not audio, or not complete.
    case notAudio
    /// A local file could not be read or written.
    case io
    /// The caller cancelled.
    case cancelled
  }

  /// Kind of error, by which callers act.
  public let code: Code
  /// Facts of the error, with their numbers, names and causes.
  package internal(set) var problem: Problem
  /// HTTP status, if there was a response.
  package var status: Int?
  /// Time for which the service asked not to be queried.
  package var retryAfter: Duration?
  /// Id of the generation concerned, once there is one.
  package var generationID: String?
  /// `true` if the service may have accepted, and billed, the submission that this error ended.
  ///
  /// Such a submission must not be sent again without consulting the service's log or the user.
  public var mayHaveBeenAccepted: Bool
  /// Name of the job concerned, if one is kept in a ledger; resuming takes this name.
  package var job: String?
  /// Path of the file that keeps the response, if that was not understood.
  package var answerKeptAt: String?
  /// The kinds of unusable responses to a status query.
  enum Unusable: Sendable, Equatable {
    /// The response is a web page, empty, incomplete or something else; the next one may be a generation.
    case unrecognized
    /// The service does not know the generation, or not yet.
    case notFound
  }

  /// Kind of unusable response, after which another query may succeed though the code alone does not say so; else
  /// `nil`.
  var unusable: Unusable?
  /// Response that was not understood, for the user to inspect; it holds no key.
  package var unrecognizedAnswer: [UInt8]?

  /// Creates an error from its facts.
  ///
  /// - Parameters:
  ///   - code: The kind by which callers act.
  ///   - problem: The facts.
  ///   - status: The HTTP status, if there was a response.
  ///   - retryAfter: The time for which the service asked not to be queried.
  ///   - generationID: The id of the generation concerned.
  ///   - mayHaveBeenAccepted: `true` if the submission may be billed all the same.
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

  /// Returns a copy of the error with another problem, such as one that contains this one's.
  ///
  /// - Parameter problem: The new facts.
  /// - Returns: The error, unchanged but for its problem.
  package func about(_ problem: Problem) -> ServiceError {
    var error = self
    error.problem = problem
    return error
  }

  /// Error that led to this one, if there is one: a `FileError`, an `Errno`, another `ServiceError`.
  public var underlying: (any Error)? { problem.underlying }

  /// The facts in a short phrase, without advice.
  public var description: String { phrase { "\($0)" } }

  /// Returns the facts in a phrase.
  ///
  /// - Parameter spell: Returns the text of a nested error.
  /// - Returns: The phrase, without advice but for that from `spell`.
  package func phrase(_ spell: (any Error) -> String) -> String {
    let kept = answerKeptAt.map { "; what it answered is kept in \($0)" } ?? ""
    return KeyRedaction.apply(to: problem.phrase(spell) + kept)
  }
}

extension ServiceError {
  /// Removes a request's texts from the error.
  ///
  /// - Parameter mask: A mask of the request's texts.
  /// - Returns: The error with each piece of them replaced by its name.
  package func masked(by mask: TextMask) -> ServiceError { about(problem.replacingTexts(mask.apply(to:))) }
}
