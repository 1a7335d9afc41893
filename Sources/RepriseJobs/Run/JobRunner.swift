public import RepriseService
internal import Foundation
internal import RepriseSystem
internal import Synchronization
public import RepriseVerification

/// Carries a job from where it is to a verified cover: does what the machine (`Job.take`) says, after each step is on the disk.
public struct JobRunner: Sendable {
  /// How far a run is.
  public enum Progress: Sendable {
    /// Something the client reports: upload, queue, generation, download.
    case service(CoverProgress)
    /// The service's log is asked what became of a submission.
    case askingLog
    /// The result is being checked.
    case verifying
  }

  /// Where a run ended early: the job as it stands on the disk, and why.
  public struct Interrupted: Error {
    /// The job, in the state it is now in.
    public let job: Job
    /// A `ServiceError`, or what else went wrong.
    public let cause: any Error
  }

  /// How a run is to go.
  public struct Options: Sendable {
    /// Seconds to wait for the service; nil takes the service's own.
    public var timeout: Double?
    /// Whether a file at the job's output may be replaced, whatever the job itself says.
    public var mayReplace = false
    /// Whether to stop once the service has taken the request.
    public var stopsWhenSubmitted = false
    /// Whether the job was left by an earlier run. Then the service is asked before the first pause, and a submission that
    /// is surely not in its log may be sent again.
    public var isResumed = false
    /// Whether a run that is stopped before the service has taken anything gives its job up, instead of leaving it to the
    /// next.
    public var givesUpWhenStopped: @Sendable () -> Bool = { false }
    /// Asks the person whether a submission that no log tells of should be sent again; nil leaves the job ambiguous.
    public var mayResend: (@Sendable (Job) async -> Bool)?

    /// A first run.
    public init() {}
  }

  let ledger: Ledger
  let client: CoverClient
  let options: Options
  let report: @Sendable (Progress) -> Void

  /// A run at one service, kept in one ledger.
  ///
  /// - Parameter report: told how far the run is, on any thread.
  public init(
    ledger: Ledger, client: CoverClient, options: Options = Options(),
    report: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.client = client
    self.options = options
    self.report = report
  }

  /// Runs a job to its end, or to where it can't go on for now.
  ///
  /// - Parameters:
  ///   - job: as it is in the ledger.
  ///   - claim: this process's hold on it.
  /// - Returns: the job, and what the check found; nil where the run was to stop once submitted, or there was nothing to do.
  /// - Throws: `Interrupted` with the job as it now stands; `LedgerError`.
  public func run(_ job: Job, claim: JobClaim) async throws -> (job: Job, report: VerificationReport?) {
    var run = Run(job: job, folder: claim.folder, begun: client.waiting.now)
    let isFetched = job.state == .downloaded || job.state == .verified
    let isMissing = isFetched ? !(try await job.isInPlace()) : false
    var act = try await take(isMissing ? .outputMissing : .takenUp, &run)
    while true {
      if case .rest = act { break }
      if options.stopsWhenSubmitted, act == .beginWaiting || act == .wait { break }
      act = try await take(try await perform(act, &run), &run)
      if act == .rest, run.report?.verdict == .fail, !run.hasFetchedAgain {
        run.hasFetchedAgain = true
        // One more time, as long as the URL is good: what the check found may be the way here, or the URL's fault.
        act = run.job.resultURL == nil ? .rest : try await take(.takenUp, &run)
        if act == .fetch, let told = await toldAnew(&run) { act = try await take(told, &run) }
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

  /// What a run carries along beside the job.
  struct Run {
    var job: Job
    let folder: JobFolder
    /// Why the last act brought nothing; nil again once one has.
    var cause: (any Error)?
    var report: VerificationReport?
    /// Takes out of what the service says the words of the request that this run has sent.
    var mask: WordsMask?
    /// Whether this run has asked the service anew for a result that could not be fetched: it does so once.
    var hasAskedAnew = false
    /// Why a result could not be fetched, while the service is asked for it anew.
    var fetchTrouble: ServiceError?
    /// The result's length in bytes, as the service told it beside its URL.
    var toldBytes: Int?
    var hasFetchedAgain = false
    var resending: Resending?
    /// When it began, by the client's time.
    let begun: Duration
  }

  /// Moves the job, writes it down, and clears away what is not needed any more.
  private func take(_ event: JobEvent, _ run: inout Run) async throws -> JobAct {
    let before = run.job
    let act = run.job.take(event)
    if let mask = run.mask {
      run.job.message = run.job.message.map { mask.apply(to: $0) }
      run.cause = (run.cause as? ServiceError)?.masked(by: mask) ?? run.cause
    }
    if run.job != before {
      if before.id == nil, run.job.id != nil {
        // From here on there is something to lose.
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
      if !isOurs { run.folder.forgetWords() }
    case .downloaded: try? PartialDownload(in: run.folder.path).remove()
    case .verified: run.folder.remove()
    case .failed, .cancelled, .expired: run.folder.removeWhatWasNeeded()
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
