import CommandSupport
import HostileServer

/// The expected behaviour of the client when a service misbehaves in one way.
struct Expected {
  /// The exit codes that are right.
  var status: Set<Int32> = [0]
  /// The states that the one job may be in then.
  var states: Set<String> = ["verified"]
  /// Submissions that were accepted by then.
  var submissions = 1
  /// Texts that the messages must contain.
  var messages: [String] = []
  /// Texts that the messages must not contain.
  var unsaid: [String] = []
  /// Seconds given by `--timeout`.
  var timeout = "30"
  /// The exit status of `resume` once the service behaves correctly; `nil` if nothing is left to resume.
  var resumed: Int32? = 0
  /// Additional arguments of `resume`.
  var resumedBy: [String] = []
  /// The end of the process once its request body is complete.
  var end = End.itself

  enum End { case itself, interrupted, killed }

  static let fine = Expected(resumed: nil)

  /// Surely not accepted: the service has no whole request, or has said no.
  static func refused(_ status: Set<Int32> = [69], _ messages: String...) -> Expected {
    Expected(
      status: status, states: ["failed", "prepared"], submissions: 0, messages: messages,
      unsaid: ["may have been accepted", "accepted and billed"], resumed: nil)
  }

  /// Accepted, and nobody told us: not sent again, and found by the log.
  static func ambiguous(_ messages: String...) -> Expected {
    Expected(status: [75], states: ["ambiguous"], messages: messages + ["resume"], unsaid: ["try again"])
  }

  /// Accepted and told; something later went wrong, and `resume` brings the cover once that is over.
  static func later(
    _ status: Set<Int32> = [69], _ states: Set<String> = ["submitted", "generating", "completed"], _ messages: String...
  ) -> Expected {
    Expected(status: status, states: states, messages: messages + ["reprise resume"])
  }
}

extension Misbehaviour {
  var expected: Expected {
    switch self {
    case .dropsBeforeBody, .dropsDuringBody: .refused()
    // From here it looks like one that was taken; the log does not have it, and only a person may send it again.
    case .dropsShortBody:
      Expected(
        status: [75], states: ["ambiguous"], submissions: 0, messages: ["resume"], unsaid: ["try again"],
        resumedBy: ["--resend"])
    case .tooManySubmissions:
      Expected(
        status: [69, 75], states: ["failed", "prepared"], submissions: 0, messages: ["429"], unsaid: ["billed"],
        timeout: "3", resumed: nil)
    case .tooManyAtFirst, .notAvailableAtFirst: .fine
    case .noCredit: .refused([77], "credit", "403")
    case .wrongKey: .refused([77], "401", "AIML_API_KEY")
    case .gatewayRefuses: .refused([69], "1010", "CDN")
    case .bodyTooLarge: .refused([69], "413", "reprise prepare")
    case .errorWithin200: .refused([69], "reference audio is not usable")
    case .statusWithin200: .refused([77], "credit")
    case .redirectsSubmission: .refused([69], "redirect")

    case .dropsAfterBody, .failsAfterBody, .gatewayTimesOut, .invalidJSON, .pageForAnswer, .hugeAnswer: .ambiguous()
    case .neverAnswers:
      Expected(status: [130], states: ["ambiguous"], messages: ["may have been accepted"], end: .interrupted)
    case .answersNobody: Expected(status: [9], states: ["submitting", "ambiguous"], end: .killed)
    case .dropsAndLists, .answerTooShort, .answerWithoutLength: .fine

    case .idWithColon, .idWithSlash, .idWithPercent, .idWithDash: .fine

    case .complete, .unknownStatuses: .fine
    case .endless, .dripsAnswers: timedOut
    case .tooManyQuestions, .tooManyQuestionsSeconds, .tooManyQuestionsDate, .questionsFail: .fine
    case .forgetsKey: .later([77], ["submitted", "generating"], "401")
    case .forgetsGeneration: .later([69], ["submitted", "generating"], "404")
    case .hugeStatus, .invalidText: .later([69, 75], ["submitted", "generating"])
    case .generationFails:
      Expected(status: [69], states: ["failed"], messages: ["sensitive content"], resumed: nil)
    case .redirectsQuestions: .later([69], ["submitted", "generating"], "redirect")

    case .resultDrops, .resultWithoutLength, .resultElsewhere: .fine
    case .resultShort: Expected(status: [1, 69], states: ["verified", "downloaded", "completed"], resumed: nil)
    case .resultEmpty: .later([69], ["completed"], "empty")
    case .resultIsPage: .later([69], ["completed"], "web page")
    case .resultIsJSON: .later([69], ["completed"], "JSON")
    case .resultIsBomb: .later([69], ["completed"], "encoding")
    case .resultIsHiddenBomb: Expected(status: [1, 69], states: ["verified", "downloaded", "completed"], resumed: nil)
    case .resultFromFile, .resultInCircles: .later([69], ["completed"], "redirect")
    case .resultExpired: .later([69], ["expired"], "about a day")

    case .untrusted: .refused([69], "certificate")
    }
  }

  private var timedOut: Expected {
    var expected = Expected.later([75], ["submitted", "generating"], "paid for")
    expected.timeout = "2"
    return expected
  }
}
