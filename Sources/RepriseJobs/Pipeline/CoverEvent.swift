public import ReprisePreparation
public import RepriseService

/// What happens on the way to a cover, told as it happens, on any thread.
public enum CoverEvent: Sendable {
  /// The recording's samples are read: the share that is done, 0…1.
  case surveying(Double)
  /// Audio that fits the service is made: the share that is done, 0…1.
  case preparing(Double)
  /// The audio that will be sent is there.
  case prepared(Plan, PreparedAudio)
  /// The job is in the ledger and is about to be sent.
  case begun(Job)
  /// The same was bought before, or is being bought: this order is met by that job.
  case met(Job)
  /// Another process works on the job that meets this order; it is waited for.
  case waitingForOther(Job)
  /// Bytes of the request that have left, and all of them.
  case uploading(sent: Int, total: Int)
  /// The service works on it: its status, and the share that is done where it tells one.
  case waiting(Contract.Status, share: Double?)
  /// The service says something beside a status that means waiting.
  case said(status: String, text: String)
  /// Something went wrong in between and is tried again after a pause.
  case retrying(ServiceError, after: Duration)
  /// The service's log is asked what became of a submission.
  case askingLog
  /// Bytes of the result that have come, and all of them where that is known.
  case downloading(received: Int, total: Int?)
  /// The cover is checked.
  case verifying
  /// The recording is gone, so that the cover of this job is compared with nothing.
  case recordingGone(Job)
  /// The local service's engine tells what people should know of the cover, such as that lyrics are not sung.
  case noted([String])
  /// The local service ended with the process that had it; it makes the covers of these jobs again.
  case remaking([Job])

  /// The event of a job's run.
  init(_ progress: JobRunner.Progress) {
    self =
      switch progress {
      case .askingLog: .askingLog
      case .verifying: .verifying
      case .service(.uploading(let sent, let total)): .uploading(sent: sent, total: total)
      case .service(.pending(let status, let share)): .waiting(status, share: share)
      case .service(.troubled(let error, let pause)): .retrying(error, after: pause)
      case .service(.remark(let status, let said)): .said(status: status, text: said)
      case .service(.downloading(let received, let total)): .downloading(received: received, total: total)
      }
  }
}
