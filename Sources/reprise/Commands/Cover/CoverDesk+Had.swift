import CoverService
import Foundation
import Jobs
import Platform
import Verification

extension CoverDesk {
  /// Meets an order with a job that is there already: what has a result is copied, what goes on is gone on with. Nothing is
  /// bought.
  func meet(
    _ order: CoverOrder, with had: Job, report: @escaping @Sendable (JobRunner.Progress) -> Void
  ) async throws -> Finished {
    guard let claim = try JobClaim.take(JobFolder(of: had.job, ledger: ledger.path)) else {
      throw Trouble(
        .pending,
        "the same cover is being made by another reprise, as job \(had.job); nothing was bought: 'reprise resume \(had.job)'"
          + " once that one is done, or --again buys another")
    }
    var job = try await ledger.job(named: had.job)
    if job.state == .verified, try await isIntact(job) {
      let remark = try await copied(job, to: order)
      if job.output != order.absoluteOutput { job.output = order.absoluteOutput }
      claim.folder.remove()
      return Finished(job: job, report: try await runner(report).recheck(job), remark: remark)
    }
    let before = job
    job.output = order.absoluteOutput
    job.mayReplace = order.replacing
    try await ledger.save(job)
    var finished: Finished
    do {
      finished = try await carry(job, claim, isResumed: true, report: report)
    } catch let interrupted as JobRunner.Interrupted where !interrupted.job.state.isOpen {
      let cause = Words.sentence(interrupted.cause)
      throw Trouble(
        .serviceRefused,
        "the same was bought before, as job \(had.job), and its result is not to be had any more (\(cause)); nothing was"
          + " bought: --again buys another")
    }
    finished.remark =
      "this is job \(before.job), begun \(before.created.ISO8601Format()): the same audio, words and setting; nothing was bought"
      + " twice (--again would)"
    return finished
  }

  private func runner(_ report: @escaping @Sendable (JobRunner.Progress) -> Void) -> JobRunner {
    JobRunner(ledger: ledger, client: client, options: options, report: report)
  }

  /// Whether the cover is where the ledger says, as it was downloaded.
  private func isIntact(_ job: Job) async throws -> Bool {
    guard let hash = job.resultHash, FileKind(at: job.output) == .file else { return false }
    return try await offPool("reprise.hash") { [path = job.output] in
      try SHA256.hex(ofFileAt: path, cancellation: $0)
    } == hash
  }

  private func copied(_ job: Job, to order: CoverOrder) async throws -> String {
    let paid =
      (job.usd ?? job.price).flatMap { Dollars($0) }.map { " for \(job.usd == nil ? "about " : "")\($0)" } ?? ""
    let bought = "bought before as job \(job.job) on \(job.created.ISO8601Format())\(paid)"
    if FileIdentity(at: job.output) == FileIdentity(at: order.output) {
      return "\(bought); it is here already, and nothing was bought (--again would)"
    }
    _ = try await offPool("reprise.copy") { [from = job.output, to = order.output, replacing = order.replacing] in
      try FileCopy.copy(from, to: to, replacing: replacing, cancellation: $0)
    }
    return "\(bought); copied from \(Console.printable(job.output)), and nothing was bought (--again would)"
  }
}
