internal import Foundation
internal import RepriseService
internal import RepriseSystem
internal import RepriseVerification

extension CoverSession {
  /// Fulfils an order with an existing job: resumes the job if it is unfinished, and copies its cover to the order's
  /// output.
  ///
  /// Nothing is bought, except for a job that was prepared and never sent.
  ///
  /// - Parameters:
  ///   - order: The order.
  ///   - existing: The job, as it was found.
  ///   - report: A function called with each event.
  /// - Returns: The cover.
  /// - Throws: `CoverPipelineError.alreadyBeingMade` if another process works on the job for longer than this run
  ///   waits; errors of the job's run.
  package func fulfil(
    _ order: CoverOrder, with existing: Job, report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> FinishedCover {
    let claim = try await claimed(existing, report)
    var job = try await ledger.job(named: existing.job)
    guard job.state != .unknown else { throw CoverPipelineError.newerJob(job) }
    let isDone = job.state == .verified ? try await job.outputIsPresent() : false
    if !isDone {
      do {
        let finished = try await finish(job, claim, for: order, report)
        guard finished.report != nil else { return finished }
        job = finished.job
      } catch let interrupted as JobRunner.Interrupted where interrupted.job.id != nil && !interrupted.job.state.isOpen
      {
        throw CoverPipelineError.resultGone(existing, cause: interrupted.cause)
      }
    } else {
      claim.directory.remove()
    }
    let location: FinishedCover.Location
    if let name = nameBeside(order, of: job) {
      // The user has not given another name.
      location = .beside(name)
    } else {
      location = try await copied(job, to: order)
      job.output = order.absoluteOutput
    }
    return FinishedCover(
      job: job, report: try await recheck(job, report), origin: .existing(wasDone: isDone, location))
  }

  /// Runs an existing job to its end; a result that cannot be written to the job's output goes to the order's.
  private func finish(
    _ job: Job, _ claim: JobClaim, for order: CoverOrder, _ report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> FinishedCover {
    do {
      return try await run(job, claim, isResumed: true, report: report)
    } catch let interrupted as JobRunner.Interrupted
      where interrupted.cause is PlacingError && interrupted.job.output != order.absoluteOutput
    {
      var moved = interrupted.job
      moved.output = order.absoluteOutput
      moved.mayReplace = order.replacing
      try await ledger.save(moved)
      return try await run(moved, claim, isResumed: true, report: report)
    }
  }

  /// Returns the cover that an earlier run has written to an order's output, if it exists and a new one is not
  /// requested.
  ///
  /// - Parameters:
  ///   - order: The order.
  ///   - report: A function called with each event.
  /// - Returns: The cover, or `nil`.
  /// - Throws: `LedgerError`, `CancellationError`, or an error of a stage.
  package func made(
    _ order: CoverOrder, report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> FinishedCover? {
    guard let job = try await earlier(order), job.state == .verified, try await job.outputIsPresent() else {
      return nil
    }
    return FinishedCover(
      job: job, report: try await recheck(job, report), origin: .existing(wasDone: true, .output))
  }

  private func recheck(
    _ job: Job, _ report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> VerificationReport {
    try await JobRunner(ledger: ledger, client: client, options: options) { report(CoverEvent($0)) }.recheck(job)
  }

  /// Returns the path of a job's cover, in the form of the order's own output, if the cover is of the same recording
  /// and in the directory of the order's output, and the user has not chosen that output; `nil` otherwise.
  private func nameBeside(_ order: CoverOrder, of job: Job) -> String? {
    guard order.isNamedHere, job.input == order.absoluteInput, job.output != order.absoluteOutput,
      let directory = FileIdentity(at: PathText.directory(of: order.absoluteOutput)),
      FileIdentity(at: PathText.directory(of: job.output)) == directory
    else { return nil }
    let name = PathText.name(of: job.output)
    return order.output.contains("/") ? PathText.directory(of: order.output) + "/" + name : name
  }

  /// Claims a job, waiting for the process that holds it, which makes the cover of this order.
  private func claimed(_ job: Job, _ report: (CoverEvent) -> Void) async throws -> JobClaim {
    let directory = JobDirectory(of: job.job, ledger: ledger.path)
    let end = ContinuousClock.now + .seconds(options.timeout ?? service.polling.timeout)
    var isReported = false
    while true {
      if let claim = try JobClaim.take(directory) { return claim }
      if !isReported { report(.waitingForOther(job)) }
      isReported = true
      guard ContinuousClock.now < end else { throw CoverPipelineError.alreadyBeingMade(job) }
      try await Task.sleep(for: .milliseconds(250))
    }
  }

  /// Copies a cover to the output of an order, unless it is there.
  private func copied(_ job: Job, to order: CoverOrder) async throws -> FinishedCover.Location {
    if FileIdentity(at: job.output) == FileIdentity(at: order.output) { return .output }
    if FileKind(at: order.output) == .file, try await SHA256.hexOffPool(ofFileAt: order.output) == job.resultHash {
      return .output
    }
    _ = try await offPool("reprise.copy") { [from = job.output, to = order.output, replacing = order.replacing] in
      try FileCopy.copy(from, to: to, replacing: replacing, cancellation: $0)
    }
    return .copied(from: job.output)
  }
}
