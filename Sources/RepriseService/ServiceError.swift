/// Why a cover could not be asked for, waited for or fetched.
///
/// The words never hold a key, and nothing of a prompt, of lyrics or of a presigned URL's query.
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
    /// A submission failed after all of it had left, or was answered neither by an id nor by a sure refusal: it may have been accepted, and billed.
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

  /// What kind of trouble.
  public let code: Code
  /// One sentence or two: what was wrong, where, by how much, and what to do next.
  public let message: String
  /// The HTTP status, if the service answered.
  public var status: Int?
  /// How long the service asked to be left alone.
  public var retryAfter: Duration?
  /// The generation it is about, once there is one.
  public var generationID: String?
  /// Whether the service may have taken, and billed, the submission this error ended. Such a submission must not be
  /// sent again without asking the service's log or the person.
  public var mayHaveBeenAccepted: Bool
  /// What an answer that is no generation is to whoever waits for one.
  enum Unusable: Sendable, Equatable {
    /// A web page, nothing at all, half of it, or something else: the next answer may be one.
    case unrecognized
    /// The service does not know the generation, or not yet.
    case notFound
  }

  /// Why asking once more may be answered better, though the code alone does not say so; nil if it does.
  var unusable: Unusable?
  /// The answer it is about, where that was not understood: for the person to look at. No key is in it.
  package var unrecognizedAnswer: [UInt8]?

  /// An error with its words.
  public init(
    _ code: Code, _ message: String, status: Int? = nil, retryAfter: Duration? = nil, generationID: String? = nil,
    mayHaveBeenAccepted: Bool = false
  ) {
    self.code = code
    self.message = KeyRedaction.apply(to: message)
    self.status = status
    self.retryAfter = retryAfter
    self.generationID = generationID
    self.mayHaveBeenAccepted = mayHaveBeenAccepted
  }

  /// The same error in other words.
  package func saying(_ words: String) -> ServiceError {
    var error = ServiceError(
      code, words, status: status, retryAfter: retryAfter, generationID: generationID,
      mayHaveBeenAccepted: mayHaveBeenAccepted)
    error.unusable = unusable
    error.unrecognizedAnswer = unrecognizedAnswer
    return error
  }

  /// The message.
  public var description: String { message }
}
