internal import RepriseService
internal import Synchronization

/// Why no more covers of a run begin.
public enum SpendingClosure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another cover of about `price` would pass the limit; so much is spent.
  case overLimit(price: Dollars, limit: Dollars, spent: Dollars)
  /// The service takes no such key, or there is no credit.
  case keyRefused
  /// There is no way to the service.
  case unreachable

  /// Why nothing more begins, in a short phrase.
  public var description: String {
    switch self {
    case .overLimit(let price, let limit, let spent):
      "another cover, about \(price), would pass \(limit) (\(spent) is spent)"
    case .keyRefused: "the service refused the key, or there is no credit"
    case .unreachable: "the service can't be reached"
    }
  }
}

/// Lets covers of a run begin, until the money or the key says no.
package final class SpendingGate: Sendable {
  /// What was spent of a limit.
  package struct Sum: Sendable, Equatable {
    /// What was spent, earlier parts of the run included.
    package let spent: Dollars
    /// The most that may be.
    package let limit: Dollars

    /// Creates a sum.
    package init(spent: Dollars, limit: Dollars) {
      self.spent = spent
      self.limit = limit
    }
  }

  private struct State {
    var budget: Budget?
    var closure: SpendingClosure?
    /// Those that wait for what is under way to cost less than was set aside for it.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let price: Dollars
  /// The run whose jobs were counted when it began.
  private let batch: String?

  /// Creates a gate for the covers of a session.
  ///
  /// - Parameters:
  ///   - session: Where the covers are made.
  ///   - batch: The run, whose earlier parts count.
  ///   - maxSpend: US dollars; `nil` lets everything begin.
  /// - Throws: `CoverPipelineError.priceUnknown` where there is a limit and no price to hold against it; `LedgerError`.
  package convenience init(session: CoverSession, batch: String?, maxSpend: Double?) async throws {
    let price = session.service.usdPerCover.flatMap { Dollars($0) }
    guard let maxSpend else {
      self.init(price: price ?? .zero, batch: batch, limit: nil)
      return
    }
    guard let price else { throw CoverPipelineError.priceUnknown(service: session.service.name) }
    let before = if let batch { try await session.ledger.jobs(batch: batch) } else { [Job]() }
    self.init(price: price, batch: batch, limit: Self.limit(maxSpend), before: before)
  }

  /// Creates a gate.
  ///
  /// - Parameters:
  ///   - price: What one cover costs, as far as that is known beforehand.
  ///   - batch: The run that the covers belong to.
  ///   - limit: The most that may be spent; `nil` lets everything begin.
  ///   - before: Jobs of earlier parts of the run.
  package init(price: Dollars, batch: String? = nil, limit: Dollars?, before: [Job] = []) {
    self.price = price
    self.batch = batch
    state = Mutex(
      State(budget: limit.map { Budget(limit: $0, spent: Self.cost(of: before, price: price)) }))
  }

  /// A limit is never dropped: what can't be counted to is the most that can, and what is no number lets nothing through.
  private static func limit(_ usd: Double) -> Dollars { Dollars(usd) ?? (usd > 0 ? .largest : .zero) }

  /// What jobs have cost, or may have; of those that know no price of their own, by the service's price of today.
  private static func cost(of jobs: [Job], price: Dollars) -> Dollars {
    let sums = Spending(of: jobs).total
    return sums.usd + sums.estimated + price * sums.unpricedJobs
  }

  /// What is set aside for one cover.
  package struct Reservation: Sendable { let price: Dollars }

  /// Why nothing more begins; `nil` while something may.
  package var closure: SpendingClosure? { state.withLock { $0.closure } }

  /// Sets the price of one cover aside; where only what is set aside for others stands in the way, waits for them.
  ///
  /// - Throws: `SpendingClosure` where the limit would be passed; nothing begins from then on.
  package func reserve() async throws(SpendingClosure) -> Reservation {
    while true {
      switch state.withLock({ tried(&$0) }) {
      case .success(let reservation): return reservation
      case .failure(let closure): throw closure
      case nil:
        await withCheckedContinuation { continuation in
          let isOver = state.withLock { state in
            // It may have been settled since.
            if state.closure != nil || state.budget?.reserved == .zero { return true }
            state.waiting.append(continuation)
            return false
          }
          if isOver { continuation.resume() }
        }
      }
    }
  }

  /// How many wait for what is under way.
  package var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// - Returns: `nil` where it depends on what others will have cost.
  private func tried(_ state: inout State) -> Result<Reservation, SpendingClosure>? {
    if let closure = state.closure { return .failure(closure) }
    guard let budget = state.budget else { return .success(Reservation(price: .zero)) }
    let price = budget.expectation(self.price) ?? self.price
    if state.budget?.reserve(price) == true { return .success(Reservation(price: price)) }
    if budget.reserved > .zero, budget.spent + price <= budget.limit { return nil }
    let closure = SpendingClosure.overLimit(price: price, limit: budget.limit, spent: budget.spent)
    state.closure = closure
    return .failure(closure)
  }

  /// Gives back what was set aside for a cover that was not bought.
  package func release(_ reservation: Reservation) {
    settle(reservation, actual: .zero)
  }

  /// Counts what was set aside as spent.
  package func keep(_ reservation: Reservation) { settle(reservation, actual: reservation.price) }

  /// Replaces what was set aside by what the job has cost.
  package func settle(_ reservation: Reservation, _ job: Job?) {
    let actual = job.map { Self.cost(of: [$0], price: price) } ?? .zero
    settle(reservation, actual: actual)
  }

  /// Counts what a job that an earlier part of this run has bought has turned out to cost.
  package func correct(_ before: Job, to after: Job) {
    // Another run's jobs were not counted.
    guard let batch, before.batch == batch else { return }
    let (was, actual) = (Self.cost(of: [before], price: price), Self.cost(of: [after], price: price))
    changing { $0?.correct(was, to: actual) }
  }

  private func settle(_ reservation: Reservation, actual: Dollars) {
    changing { $0?.settle(reserved: reservation.price, actual: actual) }
  }

  /// Changes the budget, and lets those that wait for that look again.
  private func changing(_ change: (inout Budget?) -> Void) {
    let waiting = state.withLock { state in
      change(&state.budget)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Lets nothing more begin.
  package func close(_ closure: SpendingClosure) {
    let waiting = state.withLock { state in
      if state.closure == nil { state.closure = closure }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// What was spent; `nil` where there is no limit.
  package var sum: Sum? {
    state.withLock { state in state.budget.map { Sum(spent: $0.spent, limit: $0.limit) } }
  }
}
