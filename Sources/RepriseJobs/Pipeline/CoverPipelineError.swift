internal import RepriseAudio
public import ReprisePreparation
internal import RepriseService
public import RepriseSystem

/// Why a cover was not made, or a job not gone on with.
public enum CoverPipelineError: Error, CustomStringConvertible {
  /// The recording can't be used at all.
  case unusable(UnusableRecording)
  /// The output is the recording itself, which is never changed.
  case outputIsInput(output: String, input: String)
  /// Two orders would end in one file.
  case sameOutput(inputs: [String], output: String)
  /// A file is at every name that the output could have.
  case outputsTaken(last: String, others: Int)
  /// The directory of a new job is held by another process.
  case directoryInUse(path: String)
  /// Another process makes the same cover, and was waited for as long as a service is.
  case alreadyBeingMade(Job)
  /// Another process works on the job.
  case jobInUse(Job)
  /// A newer version has written the job in a state that this one does not know.
  case newerJob(Job)
  /// The same was bought before, and its result can't be had any more.
  case resultGone(Job, cause: any Error)
  /// The job has come to an end, or to a state of a newer version, from which nothing goes on.
  case notResumable(Job)
  /// There is a limit for what may be spent, and no price to hold against it.
  case priceUnknown(service: String)
  /// Nothing more begins.
  case closed(SpendingClosure)
  /// The local service was not done in time, and what it held is gone.
  case localServiceTimedOut(Job)
  /// The task was cancelled while the local service made the cover, and what it held is gone.
  case localServiceStopped(Job)
  /// The job's output can't be written, which shows before the service has done its work.
  case outputUnusable(Job, FileError)
  /// The local service's result could not be put in its place, and goes with the service.
  case localResultUnplaced(Job, FileError)
  /// The job's run ended early; it can be gone on with in the state that it is in.
  case interrupted(Job, cause: any Error)
  /// The task was cancelled before anything was begun.
  case cancelled
  /// What a stage could not do: a `PreparationError`, `AudioFileError`, `ServiceError`, `LedgerError`, `FileError` or
  /// `EngineError`, or an error of the system's.
  case failed(any Error)

  /// Creates the pipeline's error of what a stage has thrown.
  package init(_ error: any Error) {
    self =
      switch error {
      case let error as CoverPipelineError: error
      case let error as UnusableRecording: .unusable(error)
      case let error as JobRunner.Interrupted: .interrupted(error.job, cause: error.cause)
      case is CancellationError: .cancelled
      default: .failed(error)
      }
  }

  /// The job it is about, in the state it is now in; `nil` where there is none.
  public var job: Job? {
    switch self {
    case .alreadyBeingMade(let job), .jobInUse(let job), .newerJob(let job), .resultGone(let job, _),
      .notResumable(let job),
      .localServiceTimedOut(let job), .localServiceStopped(let job), .outputUnusable(let job, _),
      .localResultUnplaced(let job, _), .interrupted(let job, _):
      job
    case .unusable, .outputIsInput, .sameOutput, .outputsTaken, .directoryInUse, .priceUnknown, .closed, .cancelled,
      .failed:
      nil
    }
  }

  /// The error that this one follows from; `nil` where it is the first.
  public var underlying: (any Error)? {
    switch self {
    case .unusable(let error): error
    case .resultGone(_, let cause), .interrupted(_, let cause): cause
    case .outputUnusable(_, let error), .localResultUnplaced(_, let error): error
    case .failed(let error): error
    case .outputIsInput, .sameOutput, .outputsTaken, .directoryInUse, .alreadyBeingMade, .jobInUse, .newerJob,
      .notResumable,
      .priceUnknown, .closed, .localServiceTimedOut, .localServiceStopped, .cancelled:
      nil
    }
  }

  /// What went wrong, in a short phrase.
  public var description: String {
    switch self {
    case .unusable(let error): error.description
    case .outputIsInput(let output, let input): "\(output): is the recording \(input) itself"
    case .sameOutput(let inputs, let output): "\(inputs.joined(separator: " and ")) would both become \(output)"
    case .outputsTaken(let last, let others): "\(last) and \(others) other names are taken"
    case .directoryInUse(let path): "\(path): is in use"
    case .alreadyBeingMade(let job): "the same cover is being made as job \(job.job)"
    case .jobInUse(let job): "job \(job.job) is being worked on"
    case .newerJob(let job): "job \(job.job) is in a state of a newer version"
    case .resultGone(let job, let cause): "the result of job \(job.job) is gone: \(cause)"
    case .notResumable(let job): "job \(job.job) can't be resumed: \(job.state.rawValue)"
    case .priceUnknown(let service): "the price of a cover at '\(service)' is not known"
    case .closed(let closure): closure.description
    case .localServiceTimedOut(let job): "job \(job.job): the local service was not done in time"
    case .localServiceStopped(let job): "job \(job.job): the local service was stopped"
    case .outputUnusable(_, let error), .localResultUnplaced(_, let error): error.description
    case .interrupted(let job, let cause): "job \(job.job), \(job.state.rawValue): \(cause)"
    case .cancelled: "cancelled"
    case .failed(let error): "\(error)"
    }
  }

  /// What an error means for those that are counted: for a job, and for the orders behind it.
  package enum Kind: Sendable, Equatable {
    /// The job goes on at the service, or may have been taken by it.
    case pending
    /// It was stopped with the run, and left nothing open.
    case interrupted
    /// The service takes no such key, or there is no credit; the next would be refused for the same reason.
    case keyRefused
    /// Anything else.
    case failed
  }

  /// The kind of an error that has ended an order or a job.
  package static func kind(of error: any Error) -> Kind {
    switch error {
    case let interrupted as JobRunner.Interrupted: kind(of: interrupted.cause)
    case CoverPipelineError.alreadyBeingMade, CoverPipelineError.jobInUse: .pending
    case CoverPipelineError.localServiceStopped, CoverPipelineError.cancelled, is CancellationError: .interrupted
    case let unusable as UnusableRecording: unusable.inspection.failure?.code == .cancelled ? .interrupted : .failed
    case let error as AudioFileError: error.code == .cancelled ? .interrupted : .failed
    case is TakenWithoutID: .pending
    case let error as LedgerError: error.code == .unwritten ? .pending : .failed
    case let error as ServiceError: kind(of: error)
    default: .failed
    }
  }

  private static func kind(of error: ServiceError) -> Kind {
    switch error.code {
    case .cancelled: .interrupted
    // Whatever else it is: what may have been paid for must not look like something to try again.
    case _ where error.mayHaveBeenAccepted: .pending
    case .timedOut, .ambiguous: .pending
    case .unauthorized, .noCredit: .keyRefused
    default: .failed
    }
  }
}

extension JobRunner.Interrupted {
  /// Creates the error of a run that ended early.
  ///
  /// - Parameters:
  ///   - job: The job, as it now is in the ledger.
  ///   - cause: Why the run ended.
  package init(_ job: Job, by cause: any Error) { self.init(job: job, cause: cause) }
}
