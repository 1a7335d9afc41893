/// A misbehaviour of a service, or of an intermediary: one case each.
public enum Misbehaviour: String, Sendable, CaseIterable, CustomStringConvertible {
  // Submissions that no service took.
  case dropsBeforeBody = "drops the connection before the body"
  case dropsDuringBody = "drops the connection in the middle of the body"
  case dropsShortBody = "drops the connection while the whole body is on its way"
  case tooManySubmissions = "answers submissions by 429 without Retry-After, for ever"
  case tooManyAtFirst = "answers the first submission by 429 with Retry-After in seconds"
  case notAvailableAtFirst = "answers the first submission by 503 with Retry-After as a date"
  case noCredit = "answers 403: no credit"
  case wrongKey = "answers 401: wrong key"
  case gatewayRefuses = "a CDN answers 403, code 1010"
  case bodyTooLarge = "a gateway answers 413 before the body"
  case errorWithin200 = "answers 200 with an error in the body"
  case statusWithin200 = "answers 200 with statusCode \"403\" in the body"
  case redirectsSubmission = "redirects the submission to another host"
  // Submissions that it took, and perhaps did not tell.
  case dropsAfterBody = "takes the body and drops the connection"
  case dropsAndLists = "takes the body, drops the connection and has the submission in its log"
  case neverAnswers = "takes the body and never answers"
  case answersNobody = "answers after the client has gone"
  case failsAfterBody = "takes the body and answers 500"
  case gatewayTimesOut = "takes the body and answers 504"
  case invalidJSON = "takes the body and answers half an object"
  case pageForAnswer = "takes the body and answers a web page"
  case answerTooShort = "announces a longer answer than it sends"
  case answerWithoutLength = "announces no length of its answer"
  case hugeAnswer = "takes the body and answers 100 MB of JSON"
  // Ids.
  case idWithColon = "gives ids with ':'"
  case idWithSlash = "gives ids with '/'"
  case idWithPercent = "gives ids with '%', '&' and '+'"
  case idWithDash = "gives ids that begin with '-'"
  // Questions.
  case complete = "says 'complete' for 'completed'"
  case unknownStatuses = "says statuses nobody knows"
  case endless = "is 'generating' for ever"
  case dripsAnswers = "sends its answers one byte at a time, for ever"
  case tooManyQuestions = "answers three questions by 429 without Retry-After"
  case tooManyQuestionsSeconds = "answers a question by 429 with Retry-After in seconds"
  case tooManyQuestionsDate = "answers a question by 429 with Retry-After as a date"
  case questionsFail = "answers three questions by 502 and a dropped connection"
  case forgetsKey = "answers every question by 401"
  case forgetsGeneration = "answers every question by 404"
  case hugeStatus = "answers questions with 100 MB of JSON"
  case invalidText = "answers questions with bytes that are no UTF-8"
  case generationFails = "could not make the cover"
  case redirectsQuestions = "redirects questions to another host"
  // Results.
  case resultDrops = "drops the first download in its middle"
  case resultShort = "announces and sends half of the result"
  case resultWithoutLength = "announces no length of the result"
  case resultEmpty = "has an empty result"
  case resultIsPage = "has a web page for a result"
  case resultIsJSON = "has JSON for a result"
  case resultIsBomb = "has a gzip bomb for a result"
  case resultIsHiddenBomb = "has a gzip bomb for a result and does not say so"
  case resultFromFile = "redirects the result to file:///etc/passwd"
  case resultElsewhere = "redirects the result to another host"
  case resultInCircles = "redirects the result in circles"
  case resultExpired = "has a result whose URL has expired"
  // Beyond HTTP.
  case untrusted = "shows a certificate that nobody trusts"

  /// A description of the misbehaviour, to be read after "a service that".
  public var description: String { rawValue }

  /// `true` if the receive window must be so small that a client can't send all of its body before it is read.
  var readsLittle: Bool { self == .dropsBeforeBody || self == .dropsDuringBody }

  /// `true` if the service's log does not list yet what was accepted: "not there" is not "never accepted".
  var listsLate: Bool {
    switch self {
    case .dropsAfterBody, .failsAfterBody, .gatewayTimesOut, .invalidJSON, .pageForAnswer, .hugeAnswer, .neverAnswers:
      true
    default: false
    }
  }

  /// The id of the generation of a number; nil leaves it to the service.
  func generationID(_ number: Int) -> String? {
    switch self {
    case .idWithColon: "0f9c\(number):minimax/music-cover:v2"
    case .idWithSlash: "a/../b//\(number)?x=1#y"
    case .idWithPercent: "50%25\(number)%2F&generation_id=z+ü"
    case .idWithDash: "-\(number)--json_x"
    default: nil
    }
  }
}
