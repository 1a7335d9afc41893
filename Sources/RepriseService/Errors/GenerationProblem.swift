extension ServiceError {
  /// A fault that a service reported for a generation, or the lack of news of one within the time limit.
  package indirect enum GenerationProblem: Sendable, Equatable {
    /// The generation ended without a cover.
    case ended(End)
    /// The generation is completed, and the service reported no URL.
    case noURL(id: String)
    /// The service was queried for one generation and reported another.
    case foreign(peer: String, id: String, reported: String)
    /// Too many consecutive responses were unusable; the last one.
    case abandoned(ServiceError)
    /// The generation was not completed by the deadline.
    case timedOut(TimeOut)
    /// The caller cancelled.
    case stopped(id: String)
    /// The service responds once, and the received bytes are in the job's directory.
    case answersOnce(peer: String)

    /// The end of a generation without a cover.
    package struct End: Sendable, Equatable, CustomStringConvertible {
      /// Kind of end.
      package let ending: StatusWord.Ending
      /// Status word of the service, made safe for a terminal.
      package let word: String
      /// Reason given by the service, if any, made safe for a terminal.
      package internal(set) var said: String?

      package init(_ ending: StatusWord.Ending, word: String, said: String?) {
        self.ending = ending
        self.word = word
        self.said = said
      }

      private var because: String { said.map { ": \($0)" } ?? ", without saying why" }

      /// Phrase on the cost of a generation that is not known to have been free.
      package static let bill = "nothing more will come of it; the account's bill there shows whether it was charged"

      /// The fact.
      package var description: String {
        switch ending {
        case .failed: "\(head); failed generations are not charged"
        case .rejected, .cancelled, .expired, .timedOut: "\(head); \(Self.bill)"
        }
      }

      /// The fact without the cost.
      package var head: String {
        switch ending {
        case .failed: "the service could not make the cover: \(said ?? "without saying why")"
        case .rejected: "the service rejected the generation ('\(word)')\(because)"
        case .cancelled: "the generation was cancelled at the service ('\(word)')\(because)"
        case .expired: "the generation has expired at the service ('\(word)')\(because)"
        case .timedOut: "the service's own time limit for the generation passed ('\(word)')\(because)"
        }
      }
    }

    /// The facts about a generation that was not completed in time.
    package struct TimeOut: Sendable, Equatable {
      /// Id of the generation, made safe for a terminal.
      package var id: String
      /// Seconds waited.
      package var seconds: Int
      /// Last status, as the service reported it.
      package var statusWord: String
      /// Message that the service sent beside the status.
      package var said: String?
      /// `true` if the status means that the work goes on.
      package var isKnownStatus: Bool
      /// Last error, if the last query brought nothing else.
      package var failure: ServiceError?
      /// Seconds for which the service asked not to be queried, beyond `limit`; `nil` if it did not ask.
      package var delay: Int?
      /// Time limit in seconds.
      package var limit: Int

      package init(
        id: String, seconds: Int, statusWord: String, said: String?, isKnownStatus: Bool, failure: ServiceError?,
        delay: Int?, limit: Int
      ) {
        self.id = id
        self.seconds = seconds
        self.statusWord = statusWord
        self.said = said
        self.isKnownStatus = isKnownStatus
        self.failure = failure
        self.delay = delay
        self.limit = limit
      }
    }

    var underlying: (any Error)? {
      switch self {
      case .abandoned(let error): error
      case .timedOut(let timeOut): timeOut.failure
      default: nil
      }
    }

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .ended(let end): end.description
      case .noURL(let id): "the service says '\(id)' is completed and gives no URL"
      case .foreign(let peer, let id, let reported):
        "\(peer) was asked for '\(id)' and answered about '\(reported)'; that answer is not used"
      case .abandoned(let error): "\(spell(error)) (the last of several such answers in a row)"
      case .timedOut(let timeOut): Self.phrase(timeOut, spell)
      case .stopped(let id): "stopped waiting; generation '\(id)' continues at the service"
      case .answersOnce(let peer):
        "\(peer) answers a request with the cover and keeps nothing that could be asked for later; what came is in the "
          + "job's directory"
      }
    }

    private static func phrase(_ timeOut: TimeOut, _ spell: (any Error) -> String) -> String {
      let said = timeOut.said.map { ": \($0)" } ?? ""
      let last = timeOut.failure.map { "last: \(spell($0))" } ?? "its status was '\(timeOut.statusWord)'\(said)"
      // An unknown word does not show that the work continues.
      let state =
        timeOut.isKnownStatus
        ? "it continues at the service and is paid for" : "it may continue at the service and be paid for"
      // There was no wait if the service asked not to be queried until after the deadline, or the deadline was
      // immediate.
      let seconds = timeOut.seconds
      var until =
        seconds > 0 ? "was not done after \(seconds) s" : "is not done yet, as far as the service has reported"
      if let delay = timeOut.delay {
        until +=
          ", and the service wants to be asked no sooner than in \(delay) s, beyond the \(timeOut.limit) s that were to be "
          + "waited"
      }
      return "generation '\(timeOut.id)' \(until) (\(last)); \(state)"
    }

    func replacingTexts(
      _ replace: (String) -> String, _ replaced: (ServiceError) -> ServiceError
    ) -> GenerationProblem {
      switch self {
      case .ended(var end):
        end.said = end.said.map(replace)
        return .ended(end)
      case .abandoned(let error): return .abandoned(replaced(error))
      case .timedOut(var timeOut):
        timeOut.statusWord = replace(timeOut.statusWord)
        timeOut.said = timeOut.said.map(replace)
        timeOut.failure = timeOut.failure.map(replaced)
        return .timedOut(timeOut)
      default: return self
      }
    }
  }

  /// A fault of a service's log.
  package enum LogProblem: Sendable, Equatable, CustomStringConvertible {
    /// A page announces more entries, and has none itself.
    case emptyPage(peer: String)
    /// The log has more entries since the submission than are read.
    case tooLong(peer: String, entries: Int, requestID: String)
    /// The log could not be read within this number of seconds.
    case tooSlow(peer: String, seconds: Int)

    /// The fact.
    package var description: String {
      switch self {
      case .emptyPage(let peer): "the log of \(peer) announces more entries and then has none"
      case .tooLong(let peer, let entries, _):
        "the log of \(peer) has more than \(entries) entries since then, more than are read"
      case .tooSlow(let peer, let seconds): "the log of \(peer) could not be read within \(seconds) s"
      }
    }
  }
}
