internal import RepriseService
internal import Synchronization

/// A run that resumes many jobs, one service after another.
package struct ResumptionBatch: Sendable {
  /// The ledger of the jobs.
  package let ledger: Ledger
  /// The search for their services.
  package let services: JobServices
  /// The options of job runs.
  package let options: JobRunner.Options

  /// Creates a run.
  ///
  /// - Parameters:
  ///   - ledger: The ledger of the jobs.
  ///   - services: The search for their services.
  ///   - options: The options of job runs.
  package init(ledger: Ledger, services: JobServices, options: JobRunner.Options) {
    self.ledger = ledger
    self.services = services
    self.options = options
  }

  /// The outcome of one job.
  package enum Outcome: Sendable {
    /// The job is finished.
    case finished(FinishedCover)
    /// The job is not finished; the value has its current state.
    case failed(Job, any Error)
  }

  /// Resumes jobs.
  ///
  /// - Parameters:
  ///   - jobs: The jobs.
  ///   - report: A function called with events that concern more than one job.
  ///   - finish: A function called with the outcome of each job when it ends, one at a time.
  /// - Throws: An error of `finish`, or `CancellationError`.
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
        // Requests that are not sent yet would be refused for the same reason.
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

/// An error of the function called with the outcomes, which says nothing about the jobs.
private struct ReceiverFailure: Error {
  let underlying: any Error
}

/// The first refusal of a key, for the jobs that would be refused for the same reason.
private final class FirstRefusal: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func note(_ error: any Error) { first.withLock { $0 = $0 ?? ((error as? JobRunner.Interrupted)?.cause ?? error) } }
}
