import RepriseAudio
import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import ReprisePreparation
import RepriseVerification

/// Takes orders for covers at one service: prepares the audio, writes the job down, has it run.
struct CoverDesk: Sendable {
  let ledger: Ledger
  let client: CoverClient
  let preparer: Preparer
  let options: JobRunner.Options

  var service: ServiceDescription { client.service }

  /// A service of our own that ends with the command: nothing there is paid for, and nobody can go on with it.
  var isOwnService: Bool { service.name == ServiceDescription.localName }

  /// What became of an order.
  enum Placed: Sendable {
    /// It is a job now, in state `prepared`, and this process has it.
    case begun(Job, JobClaim)
    /// The same was bought before, or is being bought.
    case had(Job)
  }

  /// A job that came to its end, or to where it was to stop.
  struct Finished: Sendable {
    let job: Job
    /// nil where the result was not waited for.
    let report: VerificationReport?
    /// What people should know of how it came about.
    var remark: String?
    /// Where its file is, as people know the place, if that is not where it was to go.
    var shown: String?
  }

  /// The job that an earlier run has begun for this order, if it is any use.
  func earlier(_ order: CoverOrder) async throws -> Job? {
    guard let key = order.key, let job = try await ledger.job(request: key) else { return nil }
    let isDone = job.state == .verified && job.looksInPlace && job.output == order.absoluteOutput
    return (isDone && !order.again) || (job.state.isOpen && !isOwnService) ? job : nil
  }

  /// Prepares an order's audio and makes it a job, unless the same has been bought.
  ///
  /// - Parameters:
  ///   - report: told how far that is.
  ///   - remark: told what is done to the audio.
  /// - Throws: among others `FileError` where a file is at the output that may not be replaced, unless it is the very cover.
  func place(
    _ order: CoverOrder, report: @escaping @Sendable (CoverStage) -> Void, remark: (String) -> Void
  ) async throws -> Placed {
    let exists = try await standsInTheWay(order)
    let name = Job.newName()
    let folder = JobFolder(of: name, ledger: ledger.path)
    guard let claim = try JobClaim.take(folder) else {
      throw Trouble(.inputOutput, "\(folder.path): is in use, though it is new; try again")
    }
    do {
      let (_, plan) = try await preparer.plan(for: order.input, deep: true) { report(.surveying($0)) }
      let prepared = try await preparer.prepare(plan, to: { folder.audio(format: $0.rawValue) }) {
        report(.preparing($0))
      }
      for line in PlanText.remarks(plan) { remark(line) }
      if let line = PreparedText.remark(prepared) { remark(Console.printable(line)) }
      var draft = JobDraft(
        input: order.absoluteInput, excerpt: plan.start...plan.end, output: order.absoluteOutput,
        request: order.request, setting: order.setting)
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
        return .had(job)
      }
    } catch {
      folder.remove()
      throw error
    }
  }

  /// The error that a file at the output means, where it may be the same cover, made before: whether it is shows once the
  /// audio is prepared.
  ///
  /// - Throws: the error at once where no job has to do with that file.
  private func standsInTheWay(_ order: CoverOrder) async throws -> FileError? {
    do {
      try order.check()
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
  func carry(
    _ job: Job, _ claim: JobClaim, isResumed: Bool = false, report: @escaping @Sendable (JobRunner.Progress) -> Void
  ) async throws -> Finished {
    var options = options
    options.isResumed = isResumed
    do {
      let outcome = try await JobRunner(ledger: ledger, client: client, options: options, report: report)
        .run(job, claim: claim)
      return Finished(job: outcome.job, report: outcome.report, remark: CostText.remark(outcome.job))
    } catch let interrupted as JobRunner.Interrupted where isOwnService && interrupted.job.state.isOpen {
      throw try await ended(interrupted, claim)
    }
  }

  /// What it means that a job ended early at a service that ends with this command.
  private func ended(_ interrupted: JobRunner.Interrupted, _ claim: JobClaim) async throws -> any Error {
    var job = interrupted.job
    job.state = .cancelled
    job.message = "the local service ended with its command; nothing was paid"
    try await ledger.save(job)
    claim.folder.remove()
    if let cause = interrupted.cause as? ServiceError, cause.code == .timedOut {
      return Trouble(
        .serviceRefused,
        "the cover was not done in time and the local service ended with this command; nothing was paid: run it again"
          + " with a longer --timeout")
    }
    // What was made goes with its job.
    if let placing = interrupted.cause as? PlacingError { return placing.status }
    if Task.isCancelled {
      return Trouble(
        .interrupted, "interrupted; the local service ended with this command, nothing was paid: run it again")
    }
    return interrupted.cause
  }
}
