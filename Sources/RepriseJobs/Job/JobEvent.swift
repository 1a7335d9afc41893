package import RepriseService

/// An event in the life of a job.
package enum JobEvent: Sendable, Equatable {
  /// A process begins the job, or resumes it after the process that held it before has ended.
  case takenUp
  /// The program's own service, which ran for one command only, has ended.
  case serviceEnded
  /// The program's own service ends with the command that made this job, before the job is finished.
  case endedWithService
  /// The request's last bytes are about to be sent.
  case sealed
  /// The service has taken the request.
  case accepted(Acceptance)
  /// The service has certainly not taken the request; the request may be sent again after a while.
  case notNow(message: String)
  /// The service has certainly not taken the request and never will: a refusal, or a request that cannot be made.
  case refused(message: String)
  /// The run was stopped, and the service has certainly not taken the request.
  case stopped(message: String)
  /// The user gave the job up, and the service has certainly not taken the request.
  case givenUp(message: String)
  /// The whole request may have been sent, and its outcome is unknown.
  case unanswered(message: String)
  /// The service's log lists the submission.
  case listed(Listing)
  /// The service's log does not list the submission, and by the known behaviour of the service would if it had taken
  /// the request.
  case surelyNotListed
  /// The service's log does not list the submission (yet), or there is no log.
  case notListed(message: String)
  /// The user says that the service has not taken the submission.
  case deniedByPerson
  /// The service is being polled for the state of the generation.
  case waiting
  /// The service has made the cover; its result is at a URL.
  case completed(url: String, credits: Double?, usd: Double?)
  /// The service could not make the cover.
  case generationFailed(message: String, credits: Double?, usd: Double?)
  /// Polling, download or check ended without a result, for now.
  case interrupted(message: String)
  /// The service cannot be asked for the result again: it responds once, and that response is lost.
  case cannotBeAsked(message: String)
  /// The result's URL gave nothing usable, for a reason that is not local.
  ///
  /// The service is asked for the result again if it supports that; otherwise the result counts as gone.
  case resultGone(message: String, canAskAgain: Bool)
  /// The result is complete at the job's output.
  case fetched(bytes: Int, hash: String)
  /// The fetched result does not exist any more.
  case outputMissing
  /// The result was checked.
  case checked(verdict: String)

  /// The service's response when it takes a request.
  package struct Acceptance: Sendable, Equatable {
    /// Id of the generation.
    package var id: String
    /// Status of the generation.
    package var status: Contract.Status
    /// URL of the result, from services that respond when they are done.
    package var url: String?
    /// `true` if the response itself, kept in the job's directory, contains the result.
    package var isInline: Bool
    /// Cost in the service's own unit, if reported.
    package var credits: Double?
    /// Cost in US dollars, if reported.
    package var usd: Double?
    /// Error message, if the generation failed.
    package var message: String?

    /// Creates an acceptance.
    package init(
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

  /// The entry for a submission in a service's log.
  package struct Listing: Sendable, Equatable {
    /// Id of the generation; nil if the log does not contain it.
    package var id: String?
    /// `true` if the generation failed permanently.
    package var hasFailed: Bool
    /// Cost in the service's own unit, if reported.
    package var credits: Double?
    /// Cost in US dollars, if reported.
    package var usd: Double?

    /// Creates an entry of the log.
    package init(id: String?, hasFailed: Bool, credits: Double? = nil, usd: Double? = nil) {
      self.id = id
      self.hasFailed = hasFailed
      self.credits = credits
      self.usd = usd
    }
  }
}

/// The next action, once the changed job is on the disk.
package enum JobAct: Sendable, Equatable {
  /// Send the request.
  case send
  /// Continue the action under way.
  case goOn
  /// Wait a while, then resume the job: the service did not take the request.
  case sendLater
  /// Search the service's log for the submission.
  case askLog
  /// Ask the user whether the service has taken the submission.
  case askPerson
  /// Begin to poll the generation.
  case beginWaiting
  /// Poll the service until the generation is done.
  case wait
  /// Fetch the result.
  case fetch
  /// Check the result.
  case check
  /// No action, now or ever.
  case rest
}
