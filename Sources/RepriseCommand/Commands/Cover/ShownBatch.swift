import Foundation
import RepriseJobs
import RepriseLocalService
import RepriseSystem

/// Many covers in one run, with reports on their progress.
struct ShownBatch: Sendable {
  let batch: CoverBatch
  let speech: OutputOptions
  /// Message shown once, when the first cover actually starts.
  let announcement: Announcement
  /// Notes of the engine on covers.
  let notes: NoteReceiver

  /// Makes all covers.
  ///
  /// - Throws: `ExitStatus` with 77 if the key or the credit ended the run, 75 if jobs are open, or 1 if covers failed
  ///   or failed their verification; `CancellationError`.
  func run() async throws {
    let view = BatchView(count: batch.orders.count, speech: speech, announcement: announcement)
    notes.receive { view.remark($0.texts, job: $0.clientRequestID) }
    defer { view.finish() }
    let sum: SpendingGate.Sum?
    do {
      sum = try await batch.run {
        view.show($1, $0)
      } then: { (order, outcome) in
        try view.add(outcome, order, data: try data(order, outcome))
      }
    } catch is CancellationError {
      view.finish()
      throw CommandError(
        .interrupted,
        "interrupted; \(view.text); the same command"
          + (batch.session.isOwnService ? " makes the others" : ", or 'reprise resume --all', continues"))
    }
    view.finish()
    if !speech.quiet { view.say(view.text + (sum.map { "; \($0.spent) of \($0.limit) spent" } ?? "")) }
    if let status = view.status { throw status }
  }

  /// Returns the sentence for an order's error, including the name of the recording.
  static func message(_ error: any Error, for order: CoverOrder) -> String {
    // Paths relative to a manifest appear in messages as resolved.
    ErrorSubject.isNamed(order.input, by: error)
      ? ErrorPresentation.sentence(error) : ErrorPresentation.sentence(error, about: order.shown)
  }

  /// Returns the line for stdout on an order; `nil` for none.
  private func data(_ order: CoverOrder, _ outcome: CoverBatch.Outcome) throws -> String? {
    if speech.json { return try Console.json(CoverRecord(order, outcome)) }
    return switch outcome {
    case .finished(let finished): finished.nameBeside ?? order.output
    case .skipped: order.output
    case .submitted(let job): job.job
    case .notBegun, .failed: nil
    }
  }
}
