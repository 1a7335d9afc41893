public import RepriseService

/// What happens to a job.
public enum JobEvent: Sendable, Equatable {
  /// Somebody begins with the job, or goes on with it after whoever had it before is gone.
  case takenUp
  /// Our own service, which ran for one command only, is gone.
  case serviceEnded
  /// The request's last bytes are about to leave.
  case sealed
  /// The service has taken the request.
  case accepted(Acceptance)
  /// The service surely took nothing; the request may be sent again after a while.
  case notNow(message: String)
  /// The service surely took nothing and never will: a refusal, or a request that can't be made.
  case refused(message: String)
  /// The run was stopped, and the service surely took nothing.
  case stopped(message: String)
  /// The person gave it up, and the service surely took nothing.
  case givenUp(message: String)
  /// The whole request may have left, and it is not known what became of it.
  case unanswered(message: String)
  /// The service's log names the submission.
  case listed(Listing)
  /// The service's log does not name the submission, and by what is known of the service would if it had taken it.
  case surelyNotListed
  /// The service's log does not name the submission (yet), or there is no log to be asked.
  case notListed(message: String)
  /// The person says that the service has not taken the submission.
  case deniedByPerson
  /// The service is being asked how far the generation is.
  case waiting
  /// The service has made the cover; its result is at a URL.
  case completed(url: String, credits: Double?, usd: Double?)
  /// The service could not make the cover.
  case generationFailed(message: String, credits: Double?, usd: Double?)
  /// Asking, fetching or checking came to an end without a result, for now.
  case interrupted(message: String)
  /// The service can't be asked for what it has made: it answers once, and that answer is gone.
  case cannotBeAsked(message: String)
  /// Nothing usable came by the result's URL, and it was not for a reason of ours: the service is asked for it anew where
  /// that can be done, else the result counts as gone.
  case resultGone(message: String, canAskAgain: Bool)
  /// The result is at the job's output, whole.
  case fetched(bytes: Int, hash: String)
  /// The result that was fetched is not there any more.
  case outputMissing
  /// The result was checked.
  case checked(verdict: String)

  /// What a service tells when it takes a request.
  public struct Acceptance: Sendable, Equatable {
    /// The generation's id.
    public var id: String
    /// How far it is.
    public var status: Contract.Status
    /// The result's URL, from services that answer when they are done.
    public var url: String?
    /// Whether the answer itself, kept in the job's folder, holds the result.
    public var isInline: Bool
    /// The service's own unit, where told.
    public var credits: Double?
    /// US dollars, where told.
    public var usd: Double?
    /// Why it failed, where it did.
    public var message: String?

    /// An acceptance.
    public init(
      id: String, status: Contract.Status, url: String? = nil, isInline: Bool = false, credits: Double? = nil,
      usd: Double? = nil, message: String? = nil
    ) {
      self.id = id
      self.status = status
      self.url = url
      self.isInline = isInline
      self.credits = credits
      self.usd = usd
      self.message = message
    }
  }

  /// What a service's log tells of a submission.
  public struct Listing: Sendable, Equatable {
    /// The generation's id; nil where the log does not tell it.
    public var id: String?
    /// Whether it failed for good.
    public var hasFailed: Bool
    /// The service's own unit, where told.
    public var credits: Double?
    /// US dollars, where told.
    public var usd: Double?

    /// A line of the log.
    public init(id: String?, hasFailed: Bool, credits: Double? = nil, usd: Double? = nil) {
      self.id = id
      self.hasFailed = hasFailed
      self.credits = credits
      self.usd = usd
    }
  }
}

/// What to do next, once the job is on the disk as it now is.
public enum JobAct: Sendable, Equatable {
  /// Send the request.
  case send
  /// Go on with what is being done.
  case goOn
  /// Wait a while, then take the job up again: the service took nothing.
  case sendLater
  /// Look for the submission in the service's log.
  case askLog
  /// Ask the person whether the service has taken the submission.
  case askPerson
  /// Begin to wait for the generation.
  case beginWaiting
  /// Ask the service until the generation is done.
  case wait
  /// Fetch the result.
  case fetch
  /// Check the result.
  case check
  /// Nothing, now or ever.
  case rest
}
