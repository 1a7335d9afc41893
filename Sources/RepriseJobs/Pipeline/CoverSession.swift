internal import RepriseAudio
internal import Foundation
package import ReprisePreparation
package import RepriseService
package import RepriseSystem

/// The pipeline at one service that can be asked now: prepares the audio of orders, writes their jobs down, and runs them.
package struct CoverSession: Sendable {
  /// Where jobs are written down.
  package let ledger: Ledger
  /// The service.
  package let client: CoverClient
  /// Makes recordings fit the service.
  package let preparer: AudioPreparer
  /// How jobs are run.
  package let options: JobRunner.Options
  /// The directories that were made for outputs.
  package let directories: NewDirectories

  /// Creates a session.
  ///
  /// - Parameters:
  ///   - ledger: Where jobs are written down.
  ///   - client: The service.
  ///   - preparer: Makes recordings fit the service.
  ///   - options: How jobs are run.
  ///   - directories: Where directories that are made for outputs are noted.
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

  /// Whether the service is this process's own: nothing there is paid for, and nobody can go on with it.
  package var isOwnService: Bool { service.name == ServiceDescription.localName }

  /// What became of an order.
  package enum Started: Sendable {
    /// It is a job now, in state `prepared`, and this process has it.
    case begun(Job, JobClaim)
    /// The same was bought before, or is being bought.
    case existing(Job)
  }

  /// Makes one cover, from its order to its checked file.
  ///
  /// - Parameters:
  ///   - order: The cover that is wanted.
  ///   - maxSpend: The most that may be spent on it, in US dollars; `nil` for no limit.
  ///   - report: Told what happens.
  /// - Returns: The cover; without a report where it was to be submitted only.
  /// - Throws: `CoverPipelineError`, `JobRunner.Interrupted`, or what a stage throws.
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

  /// The job that an earlier run has begun for an order, if it is any use.
  package func earlier(_ order: CoverOrder) async throws -> Job? {
    guard let key = order.key, let job = try await ledger.job(request: key) else { return nil }
    let isDone = job.state == .verified && job.looksInPlace && job.output == order.absoluteOutput
    return (isDone && !order.again) || (job.state.isOpen && !isOwnService) ? job : nil
  }

  /// Prepares an order's audio and makes it a job, unless the same has been bought.
  ///
  /// - Parameters:
  ///   - order: The cover that is wanted.
  ///   - report: Told how far that is, and what is done to the audio.
  /// - Throws: Among others `FileError` where a file is at the output that may not be replaced, unless it is the very cover.
  package func start(
    _ order: CoverOrder, report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> Started {
    let exists = try await standsInTheWay(order)
    let name = Job.newName()
    let folder = JobFolder(of: name, ledger: ledger.path)
    guard let claim = try JobClaim.take(folder) else { throw CoverPipelineError.directoryInUse(path: folder.path) }
    do {
      let (_, plan) = try await preparer.plan(for: order.input, deep: true) { report(.surveying($0)) }
      let prepared = try await preparer.prepare(plan, to: { folder.audio(format: $0.rawValue) }) {
        report(.preparing($0))
      }
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
        folder.remove()
        return .existing(job)
      }
    } catch {
      folder.remove()
      throw error
    }
  }

  /// The error that a file at the output means, where it may be the same cover, made before: whether it is shows once the
  /// audio is prepared.
  ///
  /// - Throws: The error at once where no job has to do with that file.
  private func standsInTheWay(_ order: CoverOrder) async throws -> FileError? {
    do {
      try order.check(making: directories)
      return nil
    } catch let error as FileError where error.code == .exists {
      guard !order.again else { throw error }
      if try await ledger.knows(output: order.absoluteOutput) { return error }
      // It may be a copy of another job's cover.
      let hash = try await SHA256.hexOffPool(ofFileAt: order.output)
      guard try await ledger.knows(resultHash: hash) else { throw error }
      return error
    }
  }

  /// Runs a job that this process has.
  ///
  /// - Parameters:
  ///   - job: The job, as it is in the ledger.
  ///   - claim: This process's hold on it.
  ///   - isResumed: Whether an earlier run has left it.
  ///   - report: Told how far it is.
  /// - Throws: `JobRunner.Interrupted` with the job as it now stands; `CoverPipelineError` where the local service goes with
  ///   this process.
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

  /// What it means that a job ended early at a service that ends with this process.
  private func ended(_ interrupted: JobRunner.Interrupted, _ claim: JobClaim) async throws -> any Error {
    var job = interrupted.job
    job.state = .cancelled
    job.message = "the local service ended with its command; nothing was paid"
    try await ledger.save(job)
    claim.folder.remove()
    if let cause = interrupted.cause as? ServiceError, cause.code == .timedOut {
      return CoverPipelineError.localServiceTimedOut(job)
    }
    // What was made goes with its job.
    if let placing = interrupted.cause as? PlacingError { return placing.status }
    if Task.isCancelled { return CoverPipelineError.localServiceStopped(job) }
    return interrupted.cause
  }
}
