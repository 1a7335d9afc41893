import RepriseService
import Foundation
import RepriseJobs
import RepriseLocalService
import RepriseSystem
import RepriseVerification

/// Many covers in one run: several at once, each to its end, whatever becomes of the others.
struct CoverBatch: Sendable {
  let desk: CoverDesk
  let orders: [CoverOrder]
  let width: Int
  let maxSpend: Double?
  let speech: OutputOptions
  /// Is said once, when the first cover is really begun.
  let announcement: Announcement
  /// What the engine says of covers.
  let notes: NoteReceiver

  /// What became of one order.
  enum Outcome: Sendable {
    /// It is there; nil report where it was there before this run.
    case finished(CoverDesk.Finished)
    /// A file is at its output, and such are left alone.
    case skipped
    /// The service has it; nobody waited.
    case submitted(Job)
    /// It was not begun.
    case notBegun(because: String)
    /// It came to no end.
    case failed(ExitStatus, Job?, because: String)

    /// The job it is or was, if it came so far.
    var job: Job? {
      switch self {
      case .finished(let finished): finished.job
      case .submitted(let job): job
      case .failed(_, let job, _): job
      case .skipped, .notBegun: nil
      }
    }
  }

  /// Makes them all.
  ///
  /// - Throws: `ExitStatus`: 77 where key or credit ended it, 75 where jobs are open, 1 where covers failed or failed their
  ///   check; `CancellationError`.
  func run() async throws {
    let gate = try await SpendingGate(desk: desk, batch: orders[0].batch, maxSpend: maxSpend)
    let tally = BatchTally(count: orders.count, speech: speech)
    notes.receive { tally.remark($0.texts, job: $0.clientRequestID) }
    defer { tally.finish() }
    do {
      try await AsTheyEnd.each(of: orders, width: width) { order in
        await outcome(of: order, gate, tally)
      } then: { (order, outcome) in
        try tally.add(outcome, order, data: try data(order, outcome))
      }
    } catch is CancellationError {
      tally.finish()
      throw Trouble(
        .interrupted,
        "interrupted; \(tally.words); the same command"
          + (desk.isOwnService ? " makes the others" : ", or 'reprise resume --all', goes on"))
    }
    tally.finish()
    if !speech.quiet { tally.say(tally.words + gate.words) }
    if let status = tally.status { throw status }
  }

  private func outcome(of order: CoverOrder, _ gate: SpendingGate, _ tally: BatchTally) async -> Outcome {
    if order.isSkipped { return .skipped }
    tally.begin(order)
    do {
      if let before = try await desk.earlier(order) { return try await goOn(before, order, gate, tally) }
      if let reason = gate.closed { return .notBegun(because: reason) }
      // Money is set aside before anything is prepared: what can't be paid for is not worth the work.
      guard let reserved = await gate.reserve() else { return .notBegun(because: gate.closed ?? "") }
      let placed: CoverDesk.Placed
      do {
        placed = try await desk.place(order, report: { tally.note($0, order) }, remark: { tally.remark($0, order) })
      } catch {
        gate.release(reserved)
        throw error
      }
      switch placed {
      case .begun(let job, let claim):
        if let line = announcement.take(), !speech.quiet { tally.say(line) }
        tally.note(job: job.job, of: order)
        return try await settling(gate, reserved) {
          try await desk.carry(job, claim) { tally.note(.job($0), order) }
        }
      case .had(let job):
        // One that was never sent is paid for now.
        guard !job.isUnpaid else { return try await carry(order, job, gate, reserved, tally) }
        gate.release(reserved)
        return try await carry(order, job, gate, nil, tally)
      }
    } catch {
      return failure(error, order, gate)
    }
  }

  private func goOn(
    _ job: Job, _ order: CoverOrder, _ gate: SpendingGate, _ tally: BatchTally
  ) async throws -> Outcome {
    if job.state == .verified {
      return .finished(CoverDesk.Finished(job: job, report: nil, remark: "was made before, as job \(job.job)"))
    }
    // What was prepared by an earlier run is paid for now.
    guard job.isUnpaid else { return try await carry(order, job, gate, nil, tally) }
    guard let reserved = await gate.reserve() else { return .notBegun(because: gate.closed ?? "") }
    return try await carry(order, job, gate, reserved, tally)
  }

  /// Meets an order with a job that is there.
  private func carry(
    _ order: CoverOrder, _ job: Job, _ gate: SpendingGate, _ reserved: SpendingGate.Reservation?, _ tally: BatchTally
  ) async throws -> Outcome {
    func meet() async throws -> CoverDesk.Finished {
      try await desk.meet(order, with: job, remark: { tally.remark($0, order) }) { tally.note(.job($0), order) }
    }
    guard reserved == nil else { return try await settling(gate, reserved, meet) }
    // It was counted as it stood when this run began.
    do {
      let outcome = try await settling(gate, nil, meet)
      switch outcome {
      case .finished(let finished): gate.correct(job, to: finished.job)
      case .submitted(let after): gate.correct(job, to: after)
      case .skipped, .notBegun, .failed: break
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

  /// What goes to stdout of an order.
  private func data(_ order: CoverOrder, _ outcome: Outcome) throws -> String? {
    if speech.json { return try Console.json(CoverRecord(order, outcome)) }
    return switch outcome {
    case .finished(let finished): finished.shown ?? order.output
    case .skipped: order.output
    case .submitted(let job): job.job
    case .notBegun, .failed: nil
    }
  }
}
