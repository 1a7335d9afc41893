internal import RepriseAudio
public import ReprisePreparation
internal import RepriseService
public import RepriseSystem

/// The reason for which a cover was not made, or a job not resumed.
public enum CoverPipelineError: Error, CustomStringConvertible {
  /// The recording cannot be used at all.
  case unusable(UnusableRecording)
  /// The output is the recording itself, which is never changed.
  case outputIsInput(output: String, input: String)
  /// Two orders have the same output.
  case sameOutput(inputs: [String], output: String)
  /// A file exists at every possible name of the output.
  case outputsTaken(last: String, others: Int)
  /// The directory of a new job is held by another process.
  case directoryInUse(path: String)
  /// Another process makes the same cover, and did not finish within the service's timeout.
  case alreadyBeingMade(Job)
  /// Another process works on the job.
  case jobInUse(Job)
  /// A newer version has saved the job in a state unknown to this version.
  case newerJob(Job)
  /// An equal cover was bought before, and its result is not available any more.
  case resultGone(Job, cause: any Error)
  /// The job is finished, or in a state of a newer version, and cannot be resumed.
  case notResumable(Job)
  /// There is a spending limit, and the price of a cover is unknown.
  case priceUnknown(service: String)
  /// No more covers begin.
  case closed(SpendingClosure)
  /// The local service was not done in time, and its work is lost.
  case localServiceTimedOut(Job)
  /// The task was cancelled while the local service made the cover, and its work is lost.
  case localServiceStopped(Job)
  /// The job's output cannot be written, which was found before the service has done its work.
  case outputUnusable(Job, FileError)
  /// The local service's result could not be moved to the output, and is lost with the service.
  case localResultUnplaced(Job, FileError)
  /// The job's run ended early; the job can be resumed from its state.
  case interrupted(Job, cause: any Error)
  /// The task was cancelled before anything was begun.
  case cancelled
  /// The error of a stage: a `PreparationError`, `AudioFileError`, `ServiceError`, `LedgerError`, `FileError` or
  /// `EngineError`, or an error of the system.
  case failed(any Error)

  /// Creates the pipeline's error for an error of a stage.
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

  /// The job concerned, in its current state; `nil` if there is none.
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

  /// The underlying error; `nil` if there is none.
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

  /// A short phrase that describes the error.
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

  /// The meaning of an error in a tally: for a job, and for the orders after it.
  package enum Kind: Sendable, Equatable {
    /// The job continues at the service, or may have been taken by it.
    case pending
    /// The job was stopped with the run, and left nothing open.
    case interrupted
    /// The service refuses the key, or there is no credit; the next request would be refused for the same reason.
    case keyRefused
    /// Anything else.
    case failed
  }

  /// Returns the kind of an error that has ended an order or a job.
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
    // In every other case: a job that may have been paid for must not look like one to try again.
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
  ///   - job: The job with its state in the ledger.
  ///   - cause: The reason for the end of the run.
  package init(_ job: Job, by cause: any Error) { self.init(job: job, cause: cause) }
}
