internal import RepriseService
internal import Synchronization

/// Many jobs that are gone on with in one run, those of one service after those of another.
package struct ResumptionBatch: Sendable {
  /// Where the jobs are written down.
  package let ledger: Ledger
  /// Finds their services.
  package let services: JobServices
  /// How they are run.
  package let options: JobRunner.Options

  /// Creates a run.
  ///
  /// - Parameters:
  ///   - ledger: Where the jobs are written down.
  ///   - services: Finds their services.
  ///   - options: How they are run.
  package init(ledger: Ledger, services: JobServices, options: JobRunner.Options) {
    self.ledger = ledger
    self.services = services
    self.options = options
  }

  /// What became of one job.
  package enum Outcome: Sendable {
    /// It came to its end.
    case finished(FinishedCover)
    /// It did not; the job is as it now stands.
    case failed(Job, any Error)
  }

  /// Goes on with jobs.
  ///
  /// - Parameters:
  ///   - jobs: The jobs.
  ///   - report: Told of what concerns more than one of them.
  ///   - finish: Given what became of each as it ends, one at a time.
  /// - Throws: What `finish` throws, or `CancellationError`.
  package func run(
    _ jobs: [Job], report: @escaping @Sendable (CoverEvent) -> Void = { _ in },
    then finish: @escaping @Sendable (Outcome) throws -> Void
  ) async throws {
    for group in JobServices.groups(of: jobs) {
      do {
        try await services.withClient(for: group, report: report) { client in
          try await run(group, at: client, report: report, then: finish)
        }
      } catch let failure as ReceiverFailure {
        throw failure.underlying
      } catch let error where !(error is CancellationError) {
        for job in group { try finish(.failed(job, error)) }
      }
    }
  }

  private func run(
    _ jobs: [Job], at client: CoverClient, report: @escaping @Sendable (CoverEvent) -> Void,
    then finish: @escaping @Sendable (Outcome) throws -> Void
  ) async throws {
    let resumption = Resumption(ledger: ledger, client: client, options: options)
    let refusal = FirstRefusal()
    try await forEachCompleted(of: jobs, width: services.width(at: client.service)) { job in
      do {
        // What is not sent yet would be refused for the same reason.
        if job.isUnpaid, let error = refusal.error { throw error }
        return Outcome.finished(
          try await resumption.run(job) { event in
            if case .recordingGone = event { report(event) }
          })
      } catch {
        if CoverPipelineError.kind(of: error) == .keyRefused { refusal.note(error) }
        return .failed((error as? JobRunner.Interrupted)?.job ?? job, error)
      }
    } then: { _, outcome in
      do { try finish(outcome) } catch { throw ReceiverFailure(underlying: error) }
    }
  }
}

/// Whoever is told of the outcomes can't be told any more, which says nothing about the jobs.
private struct ReceiverFailure: Error {
  let underlying: any Error
}

/// The first refusal of a key, for those that would meet the same.
private final class FirstRefusal: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func note(_ error: any Error) { first.withLock { $0 = $0 ?? ((error as? JobRunner.Interrupted)?.cause ?? error) } }
}
