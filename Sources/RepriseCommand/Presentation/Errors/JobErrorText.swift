import RepriseJobs
import RepriseService

extension JobRunner {
  /// The command that goes on with a job.
  static func resumeCommand(_ job: Job) -> String { "reprise resume \(job.job)" }
}

/// Sentences for errors of jobs and of their ledger: the fact, and what to do next.
enum JobErrorText {
  /// The sentence for a job that the service has taken without telling an id.
  static func sentence(_ error: TakenWithoutID) -> String {
    "\(error); it is not sent again: ask the service under which id it is, and go on with"
      + " '\(JobRunner.resumeCommand(error.job)) --id ID'"
  }

  /// The sentence for an error of the ledger.
  static func sentence(_ error: LedgerError) -> String {
    let fact = error.phrase(ErrorPresentation.part)
    return switch error.problem {
    case .unusable(_, let fault):
      switch fault.kind {
      case .full: "\(fact); free some space"
      case .corrupt: "\(fact); move the file away, keeping it: it may know of jobs that were paid for"
      case .busy: "\(fact); another reprise holds it; try again when that one is done"
      case .other: "\(fact); set XDG_STATE_HOME to a folder you may write"
      }
    case .newerLedger(let path): "\(path): was written by a newer reprise; update this one, nothing was changed"
    case .newerJob, .noOtherID: fact
    case .noSuchJob: "\(fact); 'reprise jobs' lists what there is"
    case .severalJobs: "\(fact); give more of it"
    case .unwritten(let job, _, let id, _):
      "\(fact): keep this message, do not send it again; "
        + (id.map { "once there is space, 'reprise resume \(job) --id=\($0)' goes on" }
          ?? "'reprise resume \(job)' asks the service's log")
    }
  }

  /// How to go on with a job that something ended early.
  ///
  /// - Parameters:
  ///   - job: as it is in the ledger.
  ///   - isPlacing: `true` if its result could not be put in its place.
  /// - Returns: what follows the cause's sentence.
  static func resumption(of job: Job, isPlacing: Bool) -> String {
    let command = JobRunner.resumeCommand(job)
    return switch job.state {
    case .ambiguous: "; it is kept as job \(job.job) and will not be sent again by itself: '\(command)' looks again"
    case .prepared: "; nothing was bought; '\(command)' sends it"
    case _ where isPlacing: "; go on with '\(command)', or with '\(command) -o OTHER' to put it elsewhere"
    default: "; go on with '\(command)'"
    }
  }

  /// `true` if an error's sentence names a job.
  ///
  /// - Parameters:
  ///   - job: the job, as it now stands.
  ///   - error: what ended its run.
  static func names(_ job: Job, _ error: any Error) -> Bool {
    switch error {
    case let error as CoverPipelineError: error.job?.job == job.job
    case let interrupted as JobRunner.Interrupted:
      // How to go on with it is said then.
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

  /// `true` if an error's own sentence names the command that goes on with its job.
  static func namesResumption(_ error: any Error) -> Bool {
    if error is TakenWithoutID { return true }
    guard let error = error as? ServiceError else { return false }
    return switch error.problem {
    case .generation(.timedOut), .generation(.stopped), .submission(.ambiguous): true
    case .generation(.abandoned(let last)): namesResumption(last)
    case .result(.notTold(let first, let second)): namesResumption(first) || namesResumption(second)
    case .result(.stillMissing(let first)): namesResumption(first)
    default: false
    }
  }
}
