public import ReprisePreparation
public import RepriseService

/// An event on the way to a cover, reported immediately, on any thread.
public enum CoverEvent: Sendable {
  /// The recording's samples are being read; the value is the fraction done, 0…1.
  case surveying(Double)
  /// Audio that is suitable for the service is being made; the value is the fraction done, 0…1.
  case preparing(Double)
  /// The audio to send is ready.
  case prepared(Plan, PreparedAudio)
  /// The job is in the ledger and is about to be sent.
  case begun(Job)
  /// An equal cover was bought before, or is being bought: that job fulfils this order.
  case met(Job)
  /// Another process works on the job that fulfils this order; the pipeline waits for that process.
  case waitingForOther(Job)
  /// Number of bytes of the request that have been sent, and total number of bytes.
  case uploading(sent: Int, total: Int)
  /// The service works on the cover: its status, and the fraction done if the service reports one.
  case waiting(Contract.Status, share: Double?)
  /// The service reports a text beside a status that means waiting.
  case said(status: String, text: String)
  /// A transient error occurred; the operation is tried again after a pause.
  case retrying(ServiceError, after: Duration)
  /// The service's log is being searched for a submission.
  case askingLog
  /// Number of bytes of the result that have been received, and total number of bytes if known.
  case downloading(received: Int, total: Int?)
  /// The cover is being checked.
  case verifying
  /// The recording does not exist any more, so that the cover of this job is compared with nothing.
  case recordingGone(Job)
  /// The local service's engine reports notes to the listener about the cover, such as that lyrics are not sung.
  case noted([String])
  /// The local service ended with the process that ran it; a new one makes the covers of these jobs again.
  case remaking([Job])

  /// Creates the event for an event of a job's run.
  init(_ progress: JobRunner.Progress) {
    self =
      switch progress {
      case .askingLog: .askingLog
      case .verifying: .verifying
      case .service(.uploading(let sent, let total)): .uploading(sent: sent, total: total)
      case .service(.pending(let status, let share)): .waiting(status, share: share)
      case .service(.retrying(let error, let pause)): .retrying(error, after: pause)
      case .service(.remark(let status, let said)): .said(status: status, text: said)
      case .service(.downloading(let received, let total)): .downloading(received: received, total: total)
      }
  }
}
