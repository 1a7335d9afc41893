import Foundation
import RepriseJobs
import RepriseLocalService
import RepriseSystem

/// Many covers in one run, told as they go.
struct ShownBatch: Sendable {
  let batch: CoverBatch
  let speech: OutputOptions
  /// Is said once, when the first cover is really begun.
  let announcement: Announcement
  /// What the engine says of covers.
  let notes: NoteReceiver

  /// Makes them all.
  ///
  /// - Throws: `ExitStatus`: 77 where key or credit ended it, 75 where jobs are open, 1 where covers failed or failed their
  ///   check; `CancellationError`.
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
        "interrupted; \(view.words); the same command"
          + (batch.session.isOwnService ? " makes the others" : ", or 'reprise resume --all', goes on"))
    }
    view.finish()
    if !speech.quiet { view.say(view.words + (sum.map { "; \($0.spent) of \($0.limit) spent" } ?? "")) }
    if let status = view.status { throw status }
  }

  /// The sentence for what ended an order, with its recording named.
  static func words(_ error: any Error, for order: CoverOrder) -> String {
    // What was named relative to a manifest stands in messages as it is found.
    ErrorSubject.isTold(order.input, by: error)
      ? ErrorPresentation.sentence(error) : ErrorPresentation.sentence(error, about: order.shown)
  }

  /// What goes to stdout of an order.
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
