package import RepriseService
internal import Foundation
internal import RepriseSystem
internal import Synchronization
package import RepriseVerification

/// Runs a job from its current state to a verified cover: performs the actions of the state machine (`Job.take`), each
/// after the step before is on the disk.
package struct JobRunner: Sendable {
  /// The progress of a run.
  package enum Progress: Sendable {
    /// An event of the client: upload, queue, generation, download.
    case service(CoverProgress)
    /// The service's log is being searched for a submission.
    case askingLog
    /// The result is being checked.
    case verifying
  }

  /// The early end of a run: the job with its state on the disk, and the cause.
  package struct Interrupted: Error {
    /// The job in its current state.
    package let job: Job
    /// A `ServiceError`, or another error.
    package let cause: any Error
  }

  /// The options of a run.
  package struct Options: Sendable {
    /// Maximum time to wait for the service, in seconds; nil for the service's own.
    package var timeout: Double?
    /// `true` if a file at the job's output may be replaced, independent of the job itself.
    package var mayReplace = false
    /// `true` to stop once the service has taken the request.
    package var stopsWhenSubmitted = false
    /// `true` if the job was left by an earlier run.
    ///
    /// The service is then polled before the first pause, and a submission that is certainly not in its log may be sent
    /// again.
    package var isResumed = false
    /// A function that returns `true` if a run that is stopped before the service has taken anything gives its job up,
    /// and `false` if it leaves the job to the next run.
    package var givesUpWhenStopped: @Sendable () -> Bool = { false }
    /// A function that asks the user to send a submission again that no log lists; nil leaves the job ambiguous.
    package var mayResend: (@Sendable (Job) async -> Bool)?

    /// Creates the options of a first run.
    package init() {}
  }

  let ledger: Ledger
  let client: CoverClient
  let options: Options
  let report: @Sendable (Progress) -> Void

  /// Creates a runner for one service and one ledger.
  ///
  /// - Parameters:
  ///   - ledger: The ledger.
  ///   - client: The client of the service.
  ///   - options: The options of the run.
  ///   - report: A function called with the progress of the run, on any thread.
  package init(
    ledger: Ledger, client: CoverClient, options: Options = Options(),
    report: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.client = client
    self.options = options
    self.report = report
  }

  /// Runs a job to its end, or to a state from which it cannot continue for now.
  ///
  /// - Parameters:
  ///   - job: The job with its state in the ledger.
  ///   - claim: This process's claim on the job.
  /// - Returns: The job and the report of the check; the report is nil if the run was to stop once submitted, or there
  ///   was nothing to do.
  /// - Throws: `Interrupted` with the job in its current state; `LedgerError`.
  package func run(_ job: Job, claim: JobClaim) async throws -> (job: Job, report: VerificationReport?) {
    var run = Run(job: job, directory: claim.directory, begun: client.waiting.now)
    let isFetched = job.state == .downloaded || job.state == .verified
    let isMissing = isFetched ? !(try await job.outputIsPresent()) : false
    var act = try await take(isMissing ? .outputMissing : .takenUp, &run)
    while true {
      if case .rest = act { break }
      if options.stopsWhenSubmitted, act == .beginWaiting || act == .wait { break }
      act = try await take(try await perform(act, &run), &run)
      if act == .rest, run.report?.verdict == .fail, !run.hasFetchedAgain {
        run.hasFetchedAgain = true
        // One more time, as long as the URL is valid: the transfer or the URL may be the reason for the failed check.
        act = run.job.resultURL == nil ? .rest : try await take(.takenUp, &run)
        if act == .fetch, let reported = await reportedAgain(&run) { act = try await take(reported, &run) }
      }
    }
    if let cause = run.cause { throw Interrupted(job: run.job, cause: cause) }
    if run.job.state == .expired {
      let problem: ServiceError.SubmissionProblem =
        isMissing
        ? .outputGone(job: run.job.job, path: run.job.output)
        : .resultLost(job: run.job.job, message: run.job.message ?? "its result is gone")
      throw Interrupted(job: run.job, cause: ServiceError(.expired, .submission(problem)))
    }
    return (run.job, run.report)
  }

  /// The state of a run beside the job.
  struct Run {
    var job: Job
    let directory: JobDirectory
    /// The reason for which the last action had no result; nil again after one that had.
    var cause: (any Error)?
    var report: VerificationReport?
    /// Removes the prompt and lyrics of the request of this run from texts of the service.
    var mask: TextMask?
    /// `true` if this run has asked the service again for a result that could not be downloaded, which it does once.
    var hasAskedAnew = false
    /// The reason for which a result could not be downloaded, while the service is asked for it again.
    var fetchError: ServiceError?
    /// Length of the result in bytes, as the service reported it beside the URL.
    var reportedBytes: Int?
    var hasFetchedAgain = false
    var resending: Resending?
    /// Start of the run on the client's clock.
    let begun: Duration
  }

  /// Processes an event, saves the job, and removes files that are not needed any more.
  private func take(_ event: JobEvent, _ run: inout Run) async throws -> JobAct {
    let before = run.job
    let act = run.job.take(event)
    if let mask = run.mask {
      run.job.message = run.job.message.map { mask.apply(to: $0) }
      run.cause = (run.cause as? ServiceError)?.masked(by: mask) ?? run.cause
    }
    if run.job != before {
      if before.id == nil, run.job.id != nil {
        // From here on the job must not be lost.
        do { try await ledger.keep(run.job) } catch { throw Interrupted(job: run.job, cause: error) }
      } else {
        try await ledger.save(run.job)
      }
    }
    clearAway(run)
    return act
  }

  private func clearAway(_ run: Run) {
    let isOurs = run.job.service == ServiceDescription.localName
    switch run.job.state {
    case .prepared, .submitting, .ambiguous: break
    case .submitted, .generating, .completed:
      if !isOurs { run.directory.removeTexts() }
    case .downloaded: try? PartialDownload(in: run.directory.path).remove()
    case .verified: run.directory.remove()
    case .failed, .cancelled, .expired: run.directory.removeWhatWasNeeded()
    case .unknown: break
    }
  }

  private func perform(_ act: JobAct, _ run: inout Run) async throws -> JobEvent {
    let before = run.cause
    run.cause = nil
    do {
      switch act {
      case .send: return try await send(&run)
      case .sendLater:
        run.cause = before
        return try await waitToSend(&run)
      case .askLog: return try await askLog(&run, before)
      case .askPerson: return try await askPerson(&run, before)
      case .beginWaiting: return .waiting
      case .wait: return try await wait(&run)
      case .fetch: return try await fetch(&run)
      case .check:
        let found = try await recheck(run.job)
        run.report = found
        return .checked(verdict: found.verdict.rawValue)
      case .goOn, .rest: return .interrupted(message: "")
      }
    } catch let error as LedgerError {
      throw error
    } catch {
      run.cause = error
      return .interrupted(message: "\(error)")
    }
  }
}
