internal import RepriseService

/// Many covers in one run: several at once, each to its end, whatever becomes of the others.
package struct CoverBatch: Sendable {
  /// Where they are made.
  package let session: CoverSession
  /// The covers that are wanted; those of one run have one `batch`.
  package let orders: [CoverOrder]
  /// How many are made at once.
  package let width: Int
  /// The most that the run may spend, in US dollars, earlier parts of it included; `nil` for no limit.
  package let maxSpend: Double?

  /// Creates a run.
  ///
  /// - Parameters:
  ///   - session: Where they are made.
  ///   - orders: The covers that are wanted.
  ///   - width: How many are made at once.
  ///   - maxSpend: The most that the run may spend, in US dollars; `nil` for no limit.
  package init(session: CoverSession, orders: [CoverOrder], width: Int, maxSpend: Double? = nil) {
    self.session = session
    self.orders = orders
    self.width = width
    self.maxSpend = maxSpend
  }

  /// What became of one order.
  package enum Outcome: Sendable {
    /// It is there; without a report where it was there before this run.
    case finished(FinishedCover)
    /// A file is at its output, and such are left alone.
    case skipped
    /// The service has it; nobody waited.
    case submitted(Job)
    /// It was not begun.
    case notBegun(SpendingClosure)
    /// It came to no end.
    case failed(any Error, Job?)

    /// The job it is or was, if it came so far.
    package var job: Job? {
      switch self {
      case .finished(let finished): finished.job
      case .submitted(let job): job
      case .failed(_, let job): job
      case .skipped, .notBegun: nil
      }
    }
  }

  /// What happens to the orders, told as it happens, on any thread.
  package enum Event: Sendable {
    /// Work on it begins.
    case started
    /// Something on its way to a cover.
    case cover(CoverEvent)
  }

  /// Makes them all.
  ///
  /// - Parameters:
  ///   - report: Told what happens to each order.
  ///   - finish: Given what became of each order as it ends, one at a time.
  /// - Returns: What was spent; `nil` where there is no limit.
  /// - Throws: What `finish` throws; `CoverPipelineError.priceUnknown`, `LedgerError`, `CancellationError`.
  package func run(
    report: @escaping @Sendable (CoverOrder, Event) -> Void = { _, _ in },
    then finish: (CoverOrder, Outcome) throws -> Void
  ) async throws -> SpendingGate.Sum? {
    let gate = try await SpendingGate(session: session, batch: orders.first?.batch, maxSpend: maxSpend)
    try await forEachCompleted(of: orders, width: width) { order -> Outcome in
      if order.isSkipped { return .skipped }
      report(order, .started)
      let run = OrderRun(session: session, order: order, gate: gate) { report(order, .cover($0)) }
      return await run.outcome()
    } then: { order, outcome in
      try finish(order, outcome)
    }
    return gate.sum
  }
}

/// One order of a batch on its way.
private struct OrderRun: Sendable {
  let session: CoverSession
  let order: CoverOrder
  let gate: SpendingGate
  let report: @Sendable (CoverEvent) -> Void

  func outcome() async -> CoverBatch.Outcome {
    do {
      if let before = try await session.earlier(order) { return try await goOn(before) }
      if let closure = gate.closure { return .notBegun(closure) }
      // Money is set aside before anything is prepared: what can't be paid for is not worth the work.
      let reserved = try await gate.reserve()
      let started: CoverSession.Started
      do {
        started = try await session.start(order, report: report)
      } catch {
        gate.release(reserved)
        throw error
      }
      switch started {
      case .begun(let job, let claim):
        report(.begun(job))
        return try await settling(reserved) { try await session.run(job, claim, report: report) }
      case .existing(let job):
        // One that was never sent is paid for now.
        guard !job.isUnpaid else { return try await fulfil(with: job, reserved) }
        gate.release(reserved)
        return try await fulfil(with: job, nil)
      }
    } catch let closure as SpendingClosure {
      return .notBegun(closure)
    } catch {
      return failure(error)
    }
  }

  private func goOn(_ job: Job) async throws -> CoverBatch.Outcome {
    if job.state == .verified {
      return .finished(FinishedCover(job: job, report: nil, origin: .earlierRun))
    }
    // What was prepared by an earlier run is paid for now.
    guard job.isUnpaid else { return try await fulfil(with: job, nil) }
    return try await fulfil(with: job, try await gate.reserve())
  }

  /// Fulfils the order with a job that is there.
  private func fulfil(with job: Job, _ reserved: SpendingGate.Reservation?) async throws -> CoverBatch.Outcome {
    func fulfilled() async throws -> FinishedCover { try await session.fulfil(order, with: job, report: report) }
    guard reserved == nil else { return try await settling(reserved, fulfilled) }
    // It was counted as it stood when this run began.
    do {
      let outcome = try await settling(nil, fulfilled)
      if let after = outcome.job { gate.correct(job, to: after) }
      return outcome
    } catch let interrupted as JobRunner.Interrupted {
      gate.correct(job, to: interrupted.job)
      throw interrupted
    }
  }

  /// Runs something that may cost money, and notes what it has.
  private func settling(
    _ reserved: SpendingGate.Reservation?, _ work: () async throws -> FinishedCover
  ) async throws -> CoverBatch.Outcome {
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

  private func failure(_ error: any Error) -> CoverBatch.Outcome {
    if CoverPipelineError.kind(of: error) == .keyRefused { gate.close(.keyRefused) }
    let interrupted = error as? JobRunner.Interrupted
    if (interrupted?.cause as? ServiceError)?.code == .unreachable, interrupted?.job.state == .prepared {
      gate.close(.unreachable)
    }
    return .failed(error, interrupted?.job)
  }
}
