import CoverService
import Foundation
import Jobs
import Platform
import Verification

/// Many covers in one run: several at once, each to its end, whatever becomes of the others.
struct CoverBatch: Sendable {
  let desk: CoverDesk
  let orders: [CoverOrder]
  let width: Int
  let maxSpend: Double?
  let speech: OutputOptions

  /// What became of one order.
  enum Outcome: Sendable {
    /// It is there; nil report where it was there before this run.
    case finished(CoverDesk.Finished)
    /// The service has it; nobody waited.
    case submitted(Job)
    /// It was not begun.
    case notBegun(because: String)
    /// It came to no end.
    case failed(ExitStatus, Job?, because: String)
  }

  /// Makes them all.
  ///
  /// - Throws: `ExitStatus`: 77 where key or credit ended it, 75 where jobs are open, 1 where covers failed or failed their
  ///   check; `CancellationError`.
  func run() async throws {
    let gate = try await SpendingGate(desk: desk, batch: orders[0].batch, maxSpend: maxSpend)
    let tally = BatchTally(count: orders.count, quiet: speech.quiet)
    defer { tally.finish() }
    do {
      try await AsTheyEnd.each(of: orders, width: width) { order in
        let outcome = await outcome(of: order, gate)
        tally.add(outcome, order)
        return outcome
      } then: { (order, outcome) in
        try record(order, outcome)
      }
    } catch is CancellationError {
      tally.finish()
      throw Trouble(
        .interrupted, "interrupted; \(tally.words); the same command, or 'reprise resume --all', goes on")
    }
    tally.finish()
    speech.say(tally.words + gate.words)
    if let status = tally.status { throw status }
  }

  private func outcome(of order: CoverOrder, _ gate: SpendingGate) async -> Outcome {
    do {
      if let before = try await earlier(order) { return try await goOn(before, order, gate) }
      if let reason = gate.closed { return .notBegun(because: reason) }
      // Money is set aside before anything is prepared: what can't be paid for is not worth the work.
      guard let reserved = await gate.reserve() else { return .notBegun(because: gate.closed ?? "") }
      let placed: CoverDesk.Placed
      do { placed = try await desk.place(order, view: nil, remark: { _ in }) } catch {
        gate.release(reserved)
        throw error
      }
      switch placed {
      case .begun(let job, let claim):
        return try await settling(gate, reserved) { try await desk.carry(job, claim) { _ in } }
      case .had(let job):
        // One that was never sent is paid for now.
        guard !job.isUnpaid else { return try await carry(order, job, gate, reserved) }
        gate.release(reserved)
        return try await carry(order, job, gate, nil)
      }
    } catch {
      return failure(error, order, gate)
    }
  }

  /// The job that an earlier run has begun for this order, if it is any use.
  private func earlier(_ order: CoverOrder) async throws -> Job? {
    guard let key = order.key, let job = try await desk.ledger.job(request: key) else { return nil }
    let isDone = job.state == .verified && job.looksInPlace && job.output == order.absoluteOutput
    return (isDone && !order.again) || (job.state.isOpen && !desk.isOwnService) ? job : nil
  }

  private func goOn(_ job: Job, _ order: CoverOrder, _ gate: SpendingGate) async throws -> Outcome {
    if job.state == .verified {
      return .finished(CoverDesk.Finished(job: job, report: nil, remark: "was made before, as job \(job.job)"))
    }
    // What was prepared by an earlier run is paid for now.
    guard job.isUnpaid else { return try await carry(order, job, gate, nil) }
    guard let reserved = await gate.reserve() else { return .notBegun(because: gate.closed ?? "") }
    return try await carry(order, job, gate, reserved)
  }

  /// Meets an order with a job that is there.
  private func carry(
    _ order: CoverOrder, _ job: Job, _ gate: SpendingGate, _ reserved: SpendingGate.Reservation?
  ) async throws -> Outcome {
    guard reserved == nil else {
      return try await settling(gate, reserved) { try await desk.meet(order, with: job, remark: { _ in }) { _ in } }
    }
    // It was counted as it stood when this run began.
    do {
      let outcome = try await settling(gate, nil) {
        try await desk.meet(order, with: job, remark: { _ in }) { _ in }
      }
      switch outcome {
      case .finished(let finished): gate.correct(job, to: finished.job)
      case .submitted(let after): gate.correct(job, to: after)
      case .notBegun, .failed: break
      }
      return outcome
    } catch let interrupted as JobRunner.Interrupted {
      gate.correct(job, to: interrupted.job)
      throw interrupted
    }
  }

  /// Runs something that may cost money, and notes what it has.
  private func settling(
    _ gate: SpendingGate, _ reserved: SpendingGate.Reservation?, _ work: () async throws -> CoverDesk.Finished
  ) async throws -> Outcome {
    do {
      let finished = try await work()
      if let reserved { gate.settle(reserved, finished.job) }
      return finished.report == nil ? .submitted(finished.job) : .finished(finished)
    } catch {
      if let reserved {
        switch error {
        case let interrupted as JobRunner.Interrupted: gate.settle(reserved, interrupted.job)
        // Nobody knows how far it came.
        case is LedgerError: gate.keep(reserved)
        default: gate.release(reserved)
        }
      }
      throw error
    }
  }

  private func failure(_ error: any Error, _ order: CoverOrder, _ gate: SpendingGate) -> Outcome {
    let status = Words.of(error)?.status ?? .inputOutput
    let words = Self.words(error, for: order)
    // The next would be refused for the same reason.
    if status == .keyOrCredit { gate.close(because: "the service refused the key, or there is no credit") }
    let interrupted = error as? JobRunner.Interrupted
    if (interrupted?.cause as? ServiceError)?.code == .unreachable, interrupted?.job.state == .prepared {
      gate.close(because: "the service can't be reached")
    }
    return .failed(status, interrupted?.job, because: words)
  }

  static func words(_ error: any Error, for order: CoverOrder) -> String {
    let name = Console.printable(order.shown)
    let words = Words.sentence(error)
    // What was named relative to a manifest stands in messages as it is found.
    return words.contains(name) || words.contains(Console.printable(order.input)) ? words : "\(name): \(words)"
  }

  private func record(_ order: CoverOrder, _ outcome: Outcome) throws {
    if speech.json { return try Console.data(try Console.json(CoverRecord(order, outcome))) }
    switch outcome {
    case .finished: try Console.data(order.output)
    case .submitted(let job): try Console.data(job.job)
    case .notBegun, .failed: break
    }
  }
}
