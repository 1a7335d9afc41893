import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import RepriseVerification

extension CoverDesk {
  /// Meets an order with a job that is there already: what goes on is gone on with, and its cover is copied to where the
  /// order wants it. Nothing is bought, but for a job that was prepared and never sent.
  ///
  /// - Throws: `Trouble` with 75 where another process is at it for longer than this run waits; what the job's run throws.
  func meet(
    _ order: CoverOrder, with had: Job, remark: (String) -> Void,
    report: @escaping @Sendable (JobRunner.Progress) -> Void
  ) async throws -> Finished {
    let claim = try await claimed(had, remark)
    var job = try await ledger.job(named: had.job)
    var remarked: String?
    guard job.state != .unknown else {
      throw Trouble(
        .usage, "the same is job \(job.job) already, which a newer reprise has written; update, or --again buys another"
      )
    }
    let isDone = job.state == .verified ? try await job.isInPlace() : false
    if !isDone {
      do {
        let finished: Finished
        do {
          finished = try await carry(job, claim, isResumed: true, report: report)
        } catch let interrupted as JobRunner.Interrupted
          where interrupted.cause is PlacingError && interrupted.job.output != order.absoluteOutput
        {
          // The result is here and its old place won't take it; this order names another.
          var moved = interrupted.job
          moved.output = order.absoluteOutput
          moved.mayReplace = order.replacing
          try await ledger.save(moved)
          finished = try await carry(moved, claim, isResumed: true, report: report)
        }
        guard finished.report != nil else { return finished }
        job = finished.job
        remarked = finished.remark
      } catch let interrupted as JobRunner.Interrupted where interrupted.job.id != nil && !interrupted.job.state.isOpen
      {
        let cause = Words.sentence(interrupted.cause)
        throw Trouble(
          .serviceRefused,
          "the same was bought before, as job \(had.job), and its result is not to be had any more (\(cause)); nothing was"
            + " bought: --again buys another")
      }
    } else {
      claim.folder.remove()
    }
    let runner = JobRunner(ledger: ledger, client: client, options: options, report: report)
    if let shown = placeBeside(order, of: job) {
      // Nobody has asked for another name.
      let how = "it is \(Console.printable(shown))"
      return Finished(
        job: job, report: try await runner.recheck(job), remark: Self.words(job, isDone: isDone, how), shown: shown)
    }
    let how = try await copied(job, to: order)
    job.output = order.absoluteOutput
    return Finished(
      job: job, report: try await runner.recheck(job),
      remark: CostText.joined(Self.words(job, isDone: isDone, how), remarked))
  }

  /// The cover that an earlier run has put where this order wants it, if it is there and the same is not wanted again.
  ///
  /// - Parameter report: told how far the look at it is.
  func made(
    _ order: CoverOrder, report: @escaping @Sendable (JobRunner.Progress) -> Void
  ) async throws -> Finished? {
    guard let job = try await earlier(order), job.state == .verified, try await job.isInPlace() else { return nil }
    let runner = JobRunner(ledger: ledger, client: client, options: options, report: report)
    return Finished(
      job: job, report: try await runner.recheck(job), remark: Self.words(job, isDone: true, "it is here already"))
  }

  /// Where a job's cover is, named as the order names its own, if it is of the same recording, lies in the
  /// directory that the order wants it in, and its name is nobody's wish; nil otherwise.
  private func placeBeside(_ order: CoverOrder, of job: Job) -> String? {
    guard order.isNamedHere, job.input == order.absoluteInput, job.output != order.absoluteOutput,
      let directory = FileIdentity(at: PathText.folder(of: order.absoluteOutput)),
      FileIdentity(at: PathText.folder(of: job.output)) == directory
    else { return nil }
    let name = PathText.name(of: job.output)
    return order.output.contains("/") ? PathText.folder(of: order.output) + "/" + name : name
  }

  /// Takes hold of a job, waiting for whoever has it: that one makes what is wanted here.
  private func claimed(_ job: Job, _ remark: (String) -> Void) async throws -> JobClaim {
    let folder = JobFolder(of: job.job, ledger: ledger.path)
    let end = ContinuousClock.now + .seconds(options.timeout ?? service.polling.timeout)
    var isTold = false
    while true {
      if let claim = try JobClaim.take(folder) { return claim }
      if !isTold { remark("job \(job.job) is being worked on; waiting for it, since it makes the same cover") }
      isTold = true
      guard ContinuousClock.now < end else {
        throw Trouble(
          .pending,
          "the same cover is still being made by another reprise, as job \(job.job); nothing was bought here:"
            + " 'reprise resume \(job.job)' once that one is done, or --again buys another")
      }
      try await Task.sleep(for: .milliseconds(250))
    }
  }

  /// Copies a cover to where an order wants it.
  ///
  /// - Returns: how that went, in words.
  private func copied(_ job: Job, to order: CoverOrder) async throws -> String {
    let isHere = "it is here already"
    if FileIdentity(at: job.output) == FileIdentity(at: order.output) { return isHere }
    if FileKind(at: order.output) == .file, try await SHA256.hexOffPool(ofFileAt: order.output) == job.resultHash {
      return isHere
    }
    _ = try await offPool("reprise.copy") { [from = job.output, to = order.output, replacing = order.replacing] in
      try FileCopy.copy(from, to: to, replacing: replacing, cancellation: $0)
    }
    return "copied from \(Console.printable(job.output))"
  }

  private static func words(_ job: Job, isDone: Bool, _ how: String) -> String {
    let (told, price) = (job.toldCharge, job.price.flatMap { Dollars($0) })
    let paid =
      (told ?? price).flatMap { $0 == .zero ? nil : $0 }.map { " for \(told == nil ? "about " : "")\($0)" } ?? ""
    let begun = "job \(job.job), begun \(LocalTime.minute(job.created))\(paid)"
    let isFree = job.price == 0
    let verb = isFree ? "made" : "bought"
    let what = isDone ? "\(verb) before as \(begun)" : "the same audio, words and setting as \(begun)"
    return "\(what); \(how), and nothing was \(verb) twice (--again would)"
  }
}
