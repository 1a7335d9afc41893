internal import RepriseAudio
internal import Foundation
package import ReprisePreparation
package import RepriseService
package import RepriseSystem

/// The pipeline at one running service: prepares the audio of orders, saves their jobs, and runs them.
package struct CoverSession: Sendable {
  /// The ledger of the jobs.
  package let ledger: Ledger
  /// The client of the service.
  package let client: CoverClient
  /// The preparer, which makes recordings suitable for the service.
  package let preparer: AudioPreparer
  /// The options of job runs.
  package let options: JobRunner.Options
  /// The record of directories created for outputs.
  package let directories: NewDirectories

  /// Creates a session.
  ///
  /// - Parameters:
  ///   - ledger: The ledger of the jobs.
  ///   - client: The client of the service.
  ///   - preparer: The preparer, which makes recordings suitable for the service.
  ///   - options: The options of job runs.
  ///   - directories: The record of directories created for outputs.
  package init(
    ledger: Ledger, client: CoverClient, preparer: AudioPreparer, options: JobRunner.Options = JobRunner.Options(),
    directories: NewDirectories = NewDirectories()
  ) {
    self.ledger = ledger
    self.client = client
    self.preparer = preparer
    self.options = options
    self.directories = directories
  }

  /// The service.
  package var service: ServiceDescription { client.service }

  /// `true` if the service runs in this process: its covers are free, and no other process can resume them.
  package var isOwnService: Bool { service.name == ServiceDescription.localName }

  /// The outcome of the start of an order.
  package enum Started: Sendable {
    /// There is a new job, in state `prepared`, claimed by this process.
    case begun(Job, JobClaim)
    /// An equal cover was bought before, or is being bought.
    case existing(Job)
  }

  /// Makes one cover, from its order to its checked file.
  ///
  /// - Parameters:
  ///   - order: The order.
  ///   - maxSpend: Maximum cost, in US dollars; `nil` for no limit.
  ///   - report: A function called with each event.
  /// - Returns: The cover; without a report if it was to be submitted only.
  /// - Throws: `CoverPipelineError`, `JobRunner.Interrupted`, or an error of a stage.
  package func make(
    _ order: CoverOrder, maxSpend: Double? = nil, report: @escaping @Sendable (CoverEvent) -> Void = { _ in }
  ) async throws -> FinishedCover {
    if order.isNamedHere, let made = try await made(order, report: report) { return made }
    let gate = try await SpendingGate(session: self, batch: nil, maxSpend: maxSpend)
    do { _ = try await gate.reserve() } catch { throw CoverPipelineError.closed(error) }
    switch try await start(order, report: report) {
    case .begun(let job, let claim):
      report(.begun(job))
      return try await run(job, claim, report: report)
    case .existing(let job):
      report(.met(job))
      return try await fulfil(order, with: job, report: report)
    }
  }

  /// Returns the job begun by an earlier run for an order, if it is usable.
  package func earlier(_ order: CoverOrder) async throws -> Job? {
    guard let key = order.key, let job = try await ledger.job(request: key) else { return nil }
    let isDone = job.state == .verified && job.outputSeemsPresent && job.output == order.absoluteOutput
    return (isDone && !order.again) || (job.state.isOpen && !isOwnService) ? job : nil
  }

  /// Prepares an order's audio and creates its job, unless the same cover was bought before.
  ///
  /// - Parameters:
  ///   - order: The order.
  ///   - report: A function called with the progress of the preparation and the changes to the audio.
  /// - Returns: The new or existing job.
  /// - Throws: Among others `FileError` if a file is at the output that may not be replaced, unless it is the very
  ///   cover.
  package func start(
    _ order: CoverOrder, report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> Started {
    let exists = try await standsInTheWay(order)
    let name = Job.newName()
    let directory = JobDirectory(of: name, ledger: ledger.path)
    guard let claim = try JobClaim.take(directory) else {
      throw CoverPipelineError.directoryInUse(path: directory.path)
    }
    do {
      let (_, plan) = try await preparer.plan(for: order.input, deep: true, purpose: .execution) {
        report(.surveying($0))
      }
      if order.isByLink { try LinkNeedsChange.check(plan) }
      let prepared = try await prepare(plan, in: directory, report)
      if order.isByLink { try directory.keepLink(order.input) }
      report(.prepared(plan, prepared))
      var draft = JobDraft(
        input: order.absoluteInput, excerpt: plan.start...plan.end, output: order.absoluteOutput,
        brief: order.brief, setting: order.setting)
      draft.mayReplace = order.replacing
      draft.row = order.key
      draft.batch = order.batch
      let purchase = try await draft.begin(
        as: name, audio: CoverOrder.absolute(prepared.path), format: prepared.format.rawValue, at: service,
        holding: claim, in: ledger, again: order.again, mayBegin: exists == nil)
      switch purchase {
      case nil: throw exists ?? FileError(.exists, path: order.output)
      case .begun(let job): return .begun(job, claim)
      case .had(let job):
        directory.remove()
        return .existing(job)
      }
    } catch {
      directory.remove()
      throw error
    }
  }

  /// Prepares audio; the job keeps a copy of what was fetched from stdin or a URL, which ends with this process.
  private func prepare(
    _ plan: Plan, in directory: JobDirectory, _ report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> PreparedAudio {
    let location: @Sendable (FileFormat) -> String = { directory.audio(format: $0.rawValue) }
    guard plan.keepsFile, StandIns.has(plan.path) else {
      return try await preparer.prepare(plan, to: location) { report(.preparing($0)) }
    }
    return try await ReprisePreparation.prepare(plan, to: location(plan.format)) { report(.preparing($0)) }
  }

  /// Returns the error for a file at the output that may be the same cover, made before: a comparison is possible once
  /// the audio is prepared.
  ///
  /// - Throws: The error at once if the file belongs to no job.
  private func standsInTheWay(_ order: CoverOrder) async throws -> FileError? {
    do {
      try order.check(making: directories)
      return nil
    } catch let error as FileError where error.code == .exists {
      guard !order.again else { throw error }
      if try await ledger.knows(output: order.absoluteOutput) { return error }
      // The file may be a copy of another job's cover.
      let hash = try await SHA256.hexOffPool(ofFileAt: order.output)
      guard try await ledger.knows(resultHash: hash) else { throw error }
      return error
    }
  }

  /// Runs a job claimed by this process.
  ///
  /// - Parameters:
  ///   - job: The job with its state in the ledger.
  ///   - claim: This process's claim on the job.
  ///   - isResumed: `true` if an earlier run has left the job.
  ///   - report: A function called with each event.
  /// - Returns: The cover.
  /// - Throws: `JobRunner.Interrupted` with the job in its current state; `CoverPipelineError` if the local service
  ///   ends with this process.
  package func run(
    _ job: Job, _ claim: JobClaim, isResumed: Bool = false, report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> FinishedCover {
    var options = options
    options.isResumed = isResumed
    do {
      let outcome = try await JobRunner(ledger: ledger, client: client, options: options) { report(CoverEvent($0)) }
        .run(job, claim: claim)
      return FinishedCover(job: outcome.job, report: outcome.report)
    } catch let interrupted as JobRunner.Interrupted where isOwnService && interrupted.job.state.isOpen {
      throw try await ended(interrupted, claim)
    }
  }

  /// Returns the error for a job that ended early at a service that ends with this process.
  private func ended(_ interrupted: JobRunner.Interrupted, _ claim: JobClaim) async throws -> any Error {
    var job = interrupted.job
    _ = job.take(.endedWithService)
    try await ledger.save(job)
    claim.directory.remove()
    if let cause = interrupted.cause as? ServiceError, cause.code == .timedOut {
      return CoverPipelineError.localServiceTimedOut(job)
    }
    // The result is removed with its job.
    if let placing = interrupted.cause as? PlacingError { return placing.status }
    if Task.isCancelled { return CoverPipelineError.localServiceStopped(job) }
    return interrupted.cause
  }
}
