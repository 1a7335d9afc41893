extension ServiceError {
  /// What a service told of a generation, or that it has told nothing of it in time.
  public indirect enum GenerationProblem: Sendable, Equatable {
    /// It ended without a cover.
    case ended(End)
    /// It is completed, and the service told no URL.
    case noURL(id: String)
    /// The service was asked for one and told of another.
    case foreign(place: String, id: String, told: String)
    /// So many responses in a row were of no use that the waiting ended; the last one.
    case abandoned(ServiceError)
    /// It was not done by the deadline.
    case timedOut(TimeOut)
    /// The caller asked to stop.
    case stopped(id: String)
    /// The service answers once, and what came is in the job's directory.
    case answersOnce(place: String)

    /// How a generation ended without a cover.
    public struct End: Sendable, Equatable, CustomStringConvertible {
      /// The kind of end.
      package let ending: StatusWord.Ending
      /// The service's word for it, fit for a terminal.
      package let word: String
      /// The service's reason, fit for a terminal, if it gave one.
      package internal(set) var said: String?

      package init(_ ending: StatusWord.Ending, word: String, said: String?) {
        self.ending = ending
        self.word = word
        self.said = said
      }

      private var because: String { said.map { ": \($0)" } ?? ", without saying why" }

      /// What is known of its cost, where nothing tells that it was free.
      package static let bill = "nothing more will come of it; whether it was charged tells the account's bill there"

      /// The fact.
      public var description: String {
        switch ending {
        case .failed: "\(head); failed generations are not charged"
        case .rejected, .cancelled, .expired, .timedOut: "\(head); \(Self.bill)"
        }
      }

      /// The fact without what it costs.
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

    /// What is known of a generation that was not done in time.
    public struct TimeOut: Sendable, Equatable {
      /// The generation, fit for a terminal.
      package var id: String
      /// Seconds that were waited.
      package var seconds: Int
      /// The last status it had, as the service told it.
      package var statusWord: String
      /// What the service said beside that.
      package var said: String?
      /// `true` if the status is one that means that the work goes on.
      package var isKnownStatus: Bool
      /// The last trouble, if the last question brought none but that.
      package var trouble: ServiceError?
      /// The seconds for which the service wants to be left alone, beyond the `limit`; `nil` if it does not.
      package var wish: Int?
      /// Seconds that were to be waited.
      package var limit: Int

      package init(
        id: String, seconds: Int, statusWord: String, said: String?, isKnownStatus: Bool, trouble: ServiceError?,
        wish: Int?, limit: Int
      ) {
        self.id = id
        self.seconds = seconds
        self.statusWord = statusWord
        self.said = said
        self.isKnownStatus = isKnownStatus
        self.trouble = trouble
        self.wish = wish
        self.limit = limit
      }
    }

    var underlying: (any Error)? {
      switch self {
      case .abandoned(let error): error
      case .timedOut(let timeOut): timeOut.trouble
      default: nil
      }
    }

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .ended(let end): end.description
      case .noURL(let id): "the service says '\(id)' is completed and gives no URL"
      case .foreign(let place, let id, let told):
        "\(place) was asked for '\(id)' and told of '\(told)'; that answer is not used"
      case .abandoned(let error): "\(spell(error)) (the last of several such answers in a row)"
      case .timedOut(let timeOut): Self.phrase(timeOut, spell)
      case .stopped(let id): "stopped waiting; generation '\(id)' goes on at the service"
      case .answersOnce(let place):
        "\(place) answers a request with the cover and keeps nothing that could be asked for later; what came is in the "
          + "job's folder"
      }
    }

    private static func phrase(_ timeOut: TimeOut, _ spell: (any Error) -> String) -> String {
      let said = timeOut.said.map { ": \($0)" } ?? ""
      let last = timeOut.trouble.map { "last: \(spell($0))" } ?? "its status was '\(timeOut.statusWord)'\(said)"
      // Of a word that nobody knows it can't be said that the work goes on.
      let state =
        timeOut.isKnownStatus
        ? "it goes on at the service and is paid for" : "it may go on at the service and be paid for"
      // Nobody has waited where the service wants to be left alone beyond the deadline, or the deadline was at once.
      let seconds = timeOut.seconds
      var until = seconds > 0 ? "was not done after \(seconds) s" : "is not done yet, as far as the service has told"
      if let wish = timeOut.wish {
        until +=
          ", and the service wants to be asked no sooner than in \(wish) s, beyond the \(timeOut.limit) s that were to be "
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
        timeOut.trouble = timeOut.trouble.map(replaced)
        return .timedOut(timeOut)
      default: return self
      }
    }
  }

  /// What was wrong with a service's log.
  public enum LogProblem: Sendable, Equatable, CustomStringConvertible {
    /// A page says that the log goes on, and has no entries.
    case emptyPage(place: String)
    /// The log has more entries since the submission than are read.
    case tooLong(place: String, entries: Int, requestID: String)
    /// The log could not be read in so many seconds.
    case tooSlow(place: String, seconds: Int)

    /// The fact.
    public var description: String {
      switch self {
      case .emptyPage(let place): "the log of \(place) says that it goes on and then has nothing"
      case .tooLong(let place, let entries, _):
        "the log of \(place) has more than \(entries) entries since then, more than are read"
      case .tooSlow(let place, let seconds): "the log of \(place) could not be read within \(seconds) s"
      }
    }
  }
}
