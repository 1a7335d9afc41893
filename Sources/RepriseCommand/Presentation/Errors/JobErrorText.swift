import RepriseJobs
import RepriseService

extension JobRunner {
  /// Returns the command that resumes a job.
  static func resumeCommand(_ job: Job) -> String { "reprise resume \(job.job)" }
}

/// The text for errors of jobs and of their ledger: the fact and advice.
enum JobErrorText {
  /// Returns the sentence for a job that the service accepted without returning an id.
  static func sentence(_ error: TakenWithoutID) -> String {
    "\(error); it is not sent again: ask the service under which id it is, and go on with"
      + " '\(JobRunner.resumeCommand(error.job)) --id ID'"
  }

  /// Returns the sentence for an error of the ledger.
  static func sentence(_ error: LedgerError) -> String {
    let fact = error.phrase(ErrorPresentation.part)
    return switch error.problem {
    case .unusable(_, let fault):
      switch fault.kind {
      case .full: "\(fact); free some space"
      case .corrupt: "\(fact); move the file away, keeping it: it may know of jobs that were paid for"
      case .busy: "\(fact); another reprise holds it; try again when that one is done"
      case .other: "\(fact); set XDG_STATE_HOME to a directory you may write"
      }
    case .newerLedger(let path): "\(path): was written by a newer reprise; update this one, nothing was changed"
    case .newerJob, .noOtherID: fact
    case .noSuchJob: "\(fact); 'reprise jobs' lists what there is"
    case .severalJobs: "\(fact); give more of it"
    case .unwritten(let job, _, let id, _):
      "\(fact): keep this message, do not send it again; "
        + (id.map { "once there is space, 'reprise resume \(job) --id=\($0)' continues" }
          ?? "'reprise resume \(job)' asks the service's log")
    }
  }

  /// Returns advice on resuming a job that ended early.
  ///
  /// - Parameters:
  ///   - job: The job as in the ledger.
  ///   - isPlacing: `true` if its result could not be moved to the output path.
  /// - Returns: The clause that follows the cause's sentence.
  static func resumption(of job: Job, isPlacing: Bool) -> String {
    let command = JobRunner.resumeCommand(job)
    return switch job.state {
    case .ambiguous: "; it is kept as job \(job.job) and will not be sent again by itself: '\(command)' looks again"
    case .prepared: "; nothing was bought; '\(command)' sends it"
    case _ where isPlacing: "; go on with '\(command)', or with '\(command) -o OTHER' to put it elsewhere"
    default: "; go on with '\(command)'"
    }
  }

  /// Returns `true` if an error's sentence names a job.
  ///
  /// - Parameters:
  ///   - job: The job in its current state.
  ///   - error: The error that ended its run.
  /// - Returns: `true` if the sentence names the job.
  static func names(_ job: Job, _ error: any Error) -> Bool {
    switch error {
    case let error as CoverPipelineError: error.job?.job == job.job
    case let interrupted as JobRunner.Interrupted:
      // The advice on resuming is given in that case.
      !(interrupted.cause is LedgerError) && (interrupted.job.state.isOpen || interrupted.job.state == .expired)
        || names(job, interrupted.cause)
    case let error as TakenWithoutID: error.job.job == job.job
    case let error as LedgerError:
      switch error.problem {
      case .newerJob(let name), .noOtherID(let name, _, _), .unwritten(let name, _, _, _), .noSuchJob(let name, _):
        name == job.job
      case .unusable, .newerLedger, .severalJobs: false
      }
    case let error as ServiceError:
      switch error.problem {
      case .submission(.textsGone(let name, _)), .submission(.ambiguous(let name, _, _)),
        .submission(.failed(let name, _)), .submission(.outputGone(let name, _)), .submission(.resultLost(let name, _)):
        name == job.job
      default: namesResumption(error)
      }
    default: false
    }
  }

  /// Returns `true` if an error's own sentence names the command that resumes its job.
  static func namesResumption(_ error: any Error) -> Bool {
    if error is TakenWithoutID { return true }
    guard let error = error as? ServiceError else { return false }
    return switch error.problem {
    case .generation(.timedOut), .generation(.stopped), .submission(.ambiguous): true
    case .generation(.abandoned(let last)): namesResumption(last)
    case .result(.notReported(let first, let second)): namesResumption(first) || namesResumption(second)
    case .result(.stillMissing(let first)): namesResumption(first)
    default: false
    }
  }
}
