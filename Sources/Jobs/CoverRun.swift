public import CoverService
internal import Foundation
internal import Platform
public import Verification

/// Carries a job from prepared audio to a verified cover, and writes down each step before the next is taken.
public struct CoverRun: Sendable {
  /// How far a run is.
  public enum Progress: Sendable {
    /// Something the client reports: upload, queue, generation, download.
    case service(CoverProgress)
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

  private let ledger: Ledger
  private let client: CoverClient

  /// A run at one service, kept in one ledger.
  public init(ledger: Ledger, client: CoverClient) {
    self.ledger = ledger
    self.client = client
  }

  /// What to type to go on with a job.
  public static func resumeCommand(_ job: Job) -> String { "reprise resume \(job.job)" }

  /// Sends a request, once.
  ///
  /// The job is on the disk as `submitting` before the first byte leaves, and with the service's id before this returns.
  ///
  /// - Throws: `ServiceError` (`validation`, `io`) before anything is written or sent; `Interrupted` with the job
  ///   `ambiguous` where the service may have accepted it, `failed` or `cancelled` where it surely has not;
  ///   `LedgerError`.
  public func submit(
    _ job: Job, _ request: CoverRequest, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> Job {
    var job = job
    let paid = try client.prepare(request, requestID: ClientRequestID(job.job))
    try Task.checkCancellation()
    job.state = .submitting
    try await ledger.save(job)
    let submitted: Submitted
    do {
      submitted = try await client.submit(paid) { progress(.service($0)) }
    } catch {
      job.state = error.mayHaveBeenAccepted ? .ambiguous : error.code == .cancelled ? .cancelled : .failed
      job.message = error.message
      // The ledger's own trouble must not hide what the service said; the row stays `submitting`, which nobody resends.
      try? await ledger.keep(job)
      throw Interrupted(job: job, cause: error)
    }
    job.id = submitted.generation.id
    job.state = submitted.generation.status == .error ? .failed : .submitted
    job.credits = submitted.credits
    job.usd = submitted.usd
    job.message = submitted.generation.error?.message
    do {
      try await ledger.keep(job)
    } catch {
      throw Interrupted(job: job, cause: error)
    }
    if job.state == .failed {
      let words = job.message ?? "it gave no reason"
      throw Interrupted(
        job: job,
        cause: ServiceError(.generationFailed, "the service could not make the cover: \(words)", generationID: job.id))
    }
    return job
  }

  /// Waits for a submitted job's result, fetches it and checks it.
  ///
  /// - Parameters:
  ///   - job: in a state from `submitted` on.
  ///   - reference: what to compare the result with; nil compares nothing.
  ///   - replacing: whether a file at the job's output may be replaced.
  ///   - isResumed: whether time has passed since the submission, so that the service is asked before the first pause.
  ///   - timeout: seconds to wait for the service; nil takes the service's own.
  /// - Throws: `Interrupted` with the job as it now stands, `LedgerError`.
  public func finish(
    _ job: Job, reference: Expectation.Reference?, replacing: Bool, isResumed: Bool = false, timeout: Double? = nil,
    progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> (job: Job, report: VerificationReport) {
    var job = job
    do {
      if job.state != .downloaded && job.state != .verified {
        job = try await waited(job, isResumed: isResumed, timeout: timeout, progress: progress)
        job = try await fetched(job, replacing: replacing, progress: progress)
      }
      progress(.verifying)
      let report = try await verify(job.output, against: expectation(of: job, reference: reference))
      job.state = .verified
      job.verdict = report.verdict.rawValue
      job.message = nil
      try await ledger.save(job)
      return (job, report)
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch let error as LedgerError {
      throw error
    } catch {
      throw Interrupted(job: job, cause: error)
    }
  }

  private func waited(
    _ job: Job, isResumed: Bool, timeout: Double?, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> Job {
    var job = job
    guard let id = job.id else {
      throw Interrupted(
        job: job,
        cause: ServiceError(
          .ambiguous,
          "job \(job.job) has no id: the connection broke before the service told one, and it may have been accepted;"
            + " look for request id \(job.job) in the service's log before you send it again", mayHaveBeenAccepted: true
        ))
    }
    // A job that is taken up again may have been done for hours: ask before the first pause. What goes wrong here goes
    // wrong again below, where it is dealt with.
    var known = isResumed ? try? await client.generation(id: id) : nil
    known?.id = id
    job.state = .generating
    try await ledger.save(job)
    var settings = client.service.polling
    if let timeout { settings.timeout = timeout }
    let generation: Contract.Generation
    do {
      generation = try await client.waitForCompletion(
        of: known ?? Contract.Generation(id: id, status: .queued), settings: settings,
        resumeCommand: Self.resumeCommand(job)
      ) { progress(.service($0)) }
    } catch {
      // "Not found" may be a gateway, another key or a replica that lags: what has an id can be asked for again.
      if error.code == .generationFailed { job.state = .failed }
      job.message = error.message
      try await ledger.save(job)
      throw Interrupted(job: job, cause: error)
    }
    job.state = .completed
    job.resultURL = generation.audioFile?.url
    job.completedAt = job.completedAt ?? Date()
    job.credits = generation.meta?.usage?.creditsUsed ?? job.credits
    job.usd = generation.meta?.usage?.usdSpent ?? job.usd
    try await ledger.save(job)
    return job
  }

  private func fetched(
    _ job: Job, replacing: Bool, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> Job {
    var job = job
    do {
      let downloaded = try await client.download(job.resultURL ?? "", to: job.output, replacing: replacing) {
        progress(.service($0))
      }
      job.bytes = downloaded.announcedBytes ?? downloaded.bytes
    } catch {
      if error.code == .expired { job.state = .expired }
      job.message = error.message
      try await ledger.save(job)
      throw Interrupted(job: job, cause: error)
    }
    job.state = .downloaded
    try await ledger.save(job)
    return job
  }

  private func expectation(of job: Job, reference: Expectation.Reference?) -> Expectation {
    Expectation(
      container: Expectation.Container(rawValue: job.setting.format.rawValue), sampleRate: job.setting.sampleRate,
      wasAsked: job.settingWasAsked, bytes: job.bytes, reference: reference)
  }
}
