internal import RepriseService

/// A run of many covers: several at once, each to its end, independent of the outcome of the others.
package struct CoverBatch: Sendable {
  /// The session in which the covers are made.
  package let session: CoverSession
  /// The orders; those of one run have one `batch`.
  package let orders: [CoverOrder]
  /// Maximum number of covers made at once.
  package let width: Int
  /// Maximum amount that the run may spend, in US dollars, earlier parts of it included; `nil` for no limit.
  package let maxSpend: Double?

  /// Creates a run.
  ///
  /// - Parameters:
  ///   - session: The session in which the covers are made.
  ///   - orders: The orders.
  ///   - width: Maximum number of covers made at once.
  ///   - maxSpend: Maximum amount that the run may spend, in US dollars; `nil` for no limit.
  package init(session: CoverSession, orders: [CoverOrder], width: Int, maxSpend: Double? = nil) {
    self.session = session
    self.orders = orders
    self.width = width
    self.maxSpend = maxSpend
  }

  /// The outcome of one order.
  package enum Outcome: Sendable {
    /// The cover is complete; without a report if it was complete before this run.
    case finished(FinishedCover)
    /// A file is at the output, and existing files are skipped.
    case skipped
    /// The service has the request; the result was not waited for. The value has no report.
    case submitted(FinishedCover)
    /// The order was not begun.
    case notBegun(SpendingClosure)
    /// The order failed or was interrupted.
    case failed(any Error, Job?)

    /// The job of the order, if there is one.
    package var job: Job? {
      switch self {
      case .finished(let finished): finished.job
      case .submitted(let submitted): submitted.job
      case .failed(_, let job): job
      case .skipped, .notBegun: nil
      }
    }
  }

  /// An event of an order, reported immediately, on any thread.
  package enum Event: Sendable {
    /// Work on the order begins.
    case started
    /// An event on the way to a cover.
    case cover(CoverEvent)
  }

  /// Makes all covers.
  ///
  /// - Parameters:
  ///   - report: A function called with each event of each order.
  ///   - finish: A function called with the outcome of each order when it ends, one at a time.
  /// - Returns: The amount spent; `nil` if there is no limit.
  /// - Throws: Errors of `finish`; `CoverPipelineError.priceUnknown`, `LedgerError`, `CancellationError`.
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

/// The execution of one order of a batch.
private struct OrderRun: Sendable {
  let session: CoverSession
  let order: CoverOrder
  let gate: SpendingGate
  let report: @Sendable (CoverEvent) -> Void

  func outcome() async -> CoverBatch.Outcome {
    do {
      if let before = try await session.earlier(order) { return try await goOn(before) }
      if let closure = gate.closure { return .notBegun(closure) }
      // Money is reserved before anything is prepared: a cover that cannot be paid for is not worth the work.
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
        // A job that was never sent is paid for now.
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
    // A job prepared by an earlier run is paid for now.
    guard job.isUnpaid else { return try await fulfil(with: job, nil) }
    return try await fulfil(with: job, try await gate.reserve())
  }

  /// Fulfils the order with an existing job.
  private func fulfil(with job: Job, _ reserved: SpendingGate.Reservation?) async throws -> CoverBatch.Outcome {
    func fulfilled() async throws -> FinishedCover { try await session.fulfil(order, with: job, report: report) }
    guard reserved == nil else { return try await settling(reserved, fulfilled) }
    // The job was counted with its state at the start of this run.
    do {
      let outcome = try await settling(nil, fulfilled)
      if let after = outcome.job { gate.correct(job, to: after) }
      return outcome
    } catch let interrupted as JobRunner.Interrupted {
      gate.correct(job, to: interrupted.job)
      throw interrupted
    }
  }

  /// Runs work that may cost money, and records the cost.
  private func settling(
    _ reserved: SpendingGate.Reservation?, _ work: () async throws -> FinishedCover
  ) async throws -> CoverBatch.Outcome {
    do {
      let finished = try await work()
      if let reserved { gate.settle(reserved, finished.job) }
      return finished.report == nil ? .submitted(finished) : .finished(finished)
    } catch {
      if let reserved {
        switch error {
        case let interrupted as JobRunner.Interrupted: gate.settle(reserved, interrupted.job)
        // The progress of the job is unknown.
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
