extension ServiceError {
  /// A fault of a job whose request was sent, or was to be sent again.
  package indirect enum SubmissionProblem: Sendable, Equatable {
    /// The prompt and the lyrics of a request that was never accepted are gone.
    case textsGone(job: String, directory: String)
    /// The audio cannot be read any more.
    case audioUnreadable(path: String, Cause)
    /// The audio has changed.
    case audioChanged(path: String)
    /// The attempt could not be recorded before the request's last bytes were sent, so they were withheld.
    case notNoted(Cause)
    /// All of the request may have reached the service, and nothing proves that it has not.
    case ambiguous(job: String, service: String, LogTrace)
    /// The log says that the submission failed.
    case failed(job: String, service: String)
    /// The service responds once, and cannot be queried again.
    case cannotBeAsked(service: String)
    /// The cover is gone from its path, and the service cannot be queried for it.
    case outputGone(job: String, path: String)
    /// The result is gone, according to the ledger.
    case resultLost(job: String, message: String)

    /// The trace in a service's log of a submission that is otherwise unknown.
    package indirect enum LogTrace: Sendable, Equatable {
      /// The log was not queried.
      case notAsked
      /// The log does not name the submission.
      case absent
      /// The log does not name the submission, as far back as it was read.
      case notSeen
      /// The service has no log.
      case noLog
      /// The log could not be queried.
      case unread(ServiceError)

      fileprivate func phrase(_ spell: (any Error) -> String) -> String {
        switch self {
        case .notAsked: "it has reported no id"
        case .absent: "its log does not name it (yet)"
        case .notSeen:
          "its log does not name it, as far back as was read: its clock is unknown or differs from this machine's"
        case .noLog: "it has no log that could be asked"
        case .unread(let error): "its log could not be asked (\(spell(error)))"
        }
      }
    }

    var underlying: (any Error)? {
      switch self {
      case .audioUnreadable(_, let cause), .notNoted(let cause): cause.error
      case .ambiguous(_, _, .unread(let error)): error
      default: nil
      }
    }

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .textsGone(let job, let directory):
        "job \(job) was never accepted, and its prompt and lyrics are missing from \(directory)"
      case .audioUnreadable(let path, let cause): "\(path): can't be sent (\(spell(cause.error)))"
      case .notNoted(let cause):
        "the submission could not be noted before its last bytes left (\(spell(cause.error))), so they did not"
      case .audioChanged(let path):
        "\(path): is not the audio that was to be sent any more; nothing was sent"
      case .ambiguous(let job, let service, let trace):
        "job \(job) is ambiguous: all of the request may have reached the service '\(service)', and "
          + "\(trace.phrase(spell)); it may be paid for"
      case .failed(let job, let service):
        "the service '\(service)' took job \(job) and could not make the cover: its log says that it failed, and failed "
          + "requests are not charged; the job has ended"
      case .cannotBeAsked(let service):
        "the service '\(service)' answers once and can't be asked again for what it has made"
      case .outputGone(let job, let path):
        "job \(job): the cover is gone from \(path), and the service can't be asked for it"
      case .resultLost(let job, let message): "job \(job): \(message)"
      }
    }
  }
}
