internal import Foundation
package import RepriseService
internal import RepriseSystem
internal import RepriseVerification

/// Resumes jobs of one service.
package struct Resumption: Sendable {
  let ledger: Ledger
  let client: CoverClient
  let options: JobRunner.Options

  /// Creates a resumption.
  ///
  /// - Parameters:
  ///   - ledger: The ledger of the jobs.
  ///   - client: The client of their service.
  ///   - options: The options of job runs.
  package init(ledger: Ledger, client: CoverClient, options: JobRunner.Options) {
    self.ledger = ledger
    self.client = client
    self.options = options
  }

  private var isOwnService: Bool { client.service.name == ServiceDescription.localName }

  /// Checks that a job can be resumed from its state.
  ///
  /// - Parameter job: The job with its state in the ledger.
  /// - Throws: `CoverPipelineError.notResumable`.
  package static func check(_ job: Job) throws(CoverPipelineError) {
    switch job.state {
    case .cancelled: throw .notResumable(job)
    case .failed where job.id == nil: throw .notResumable(job)
    case .expired where job.id == nil: throw .notResumable(job)
    case .unknown: throw .notResumable(job)
    case .prepared, .submitting, .submitted, .generating, .completed, .downloaded, .verified, .failed, .ambiguous,
      .expired:
      break
    }
  }

  /// Claims a job and runs it to its end.
  ///
  /// - Parameters:
  ///   - job: The job, as it was found.
  ///   - output: Path of another file for its cover; `nil` for the job's output.
  ///   - report: A function called with each event.
  /// - Returns: The cover.
  /// - Throws: `CoverPipelineError.jobInUse` if another process works on the job, and others of its cases;
  ///   `JobRunner.Interrupted`, `LedgerError`.
  package func run(
    _ job: Job, output: String? = nil, report: @escaping @Sendable (CoverEvent) -> Void = { _ in }
  ) async throws -> FinishedCover {
    guard let claim = try JobClaim.take(JobDirectory(of: job.job, ledger: ledger.path)) else {
      throw CoverPipelineError.jobInUse(job)
    }
    // The job may have changed while another process held it.
    var job = try await ledger.job(named: job.job)
    if let output { job = try await moved(job, to: output) }
    try await checkOutput(job)
    if isOwnService, job.state.isOpen, job.state != .downloaded {
      // The service that made the cover ended with its process, and was free: the cover is made again.
      _ = job.take(.serviceEnded)
      job.baseURL = client.service.baseURL
      try await ledger.save(job)
    }
    // The recording may have been moved since; without it the cover is checked on its own.
    if FileKind(at: job.input) != .file, job.audio == job.input || FileKind(at: job.audio) != .file {
      report(.recordingGone(job))
    }
    do {
      let outcome = try await JobRunner(ledger: ledger, client: client, options: options) { report(CoverEvent($0)) }
        .run(job, claim: claim)
      return FinishedCover(job: outcome.job, report: outcome.report)
    } catch let interrupted as JobRunner.Interrupted where isOwnService {
      // The work of this service is lost when this process ends, and is repeated by the next.
      guard let placing = interrupted.cause as? PlacingError else { throw interrupted }
      throw CoverPipelineError.localResultUnplaced(job, placing.status)
    }
  }

  /// Changes the output of a job; an existing cover is copied.
  private func moved(_ job: Job, to output: String) async throws -> Job {
    try CoverOrder.checkDistinct(output: output, input: job.input)
    var job = job
    let path = CoverOrder.absolute(output)
    let isFetched = job.state == .downloaded || job.state == .verified
    if isFetched, try await job.outputIsPresent(), FileIdentity(at: job.output) != FileIdentity(at: path) {
      _ = try await offPool("reprise.copy") { [from = job.output, replacing = options.mayReplace] in
        try FileCopy.copy(from, to: path, replacing: replacing, cancellation: $0)
      }
    }
    job.output = path
    try await ledger.save(job)
    return job
  }

  /// Checks that the cover can be written to its output before the service has done its work.
  private func checkOutput(_ job: Job) async throws {
    let isFetched = job.state == .downloaded || job.state == .verified
    if isFetched, try await job.outputIsPresent() { return }
    // A file written there by a run that was killed is recognized later, by its content.
    let mayBeThere = job.state == .completed || job.mayReplace || options.mayReplace
    do { _ = try TemporaryFile(for: job.output, replacing: mayBeThere, isNameless: true) } catch {
      throw CoverPipelineError.outputUnusable(job, error)
    }
  }
}
