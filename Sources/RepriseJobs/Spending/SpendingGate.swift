internal import RepriseService
internal import Synchronization

/// The reason for which no more covers of a run begin.
public enum SpendingClosure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another cover of about `price` would pass the limit; `spent` is the amount spent.
  case overLimit(price: Dollars, limit: Dollars, spent: Dollars)
  /// The service refuses the key, or there is no credit.
  case keyRefused
  /// The service is unreachable.
  case unreachable

  /// A short phrase that describes the reason.
  public var description: String {
    switch self {
    case .overLimit(let price, let limit, let spent):
      "another cover, about \(price), would pass \(limit) (\(spent) is spent)"
    case .keyRefused: "the service refused the key, or there is no credit"
    case .unreachable: "the service can't be reached"
    }
  }
}

/// Permits covers of a run to begin, until the limit is reached or the key is refused.
package final class SpendingGate: Sendable {
  /// The amount spent of a limit.
  package struct Sum: Sendable, Equatable {
    /// Amount spent, earlier parts of the run included.
    package let spent: Dollars
    /// Maximum amount that may be spent.
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
    /// Reservations that wait for covers under way to cost less than was reserved for them.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let price: Dollars
  /// The run whose jobs were counted when it began.
  private let batch: String?

  /// Creates a gate for the covers of a session.
  ///
  /// - Parameters:
  ///   - session: The session in which the covers are made.
  ///   - batch: The run, whose earlier parts count.
  ///   - maxSpend: Maximum amount, in US dollars; `nil` for no limit.
  /// - Throws: `CoverPipelineError.priceUnknown` if there is a limit and the price of a cover is unknown;
  ///   `LedgerError`.
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
  ///   - price: Price of one cover, as far as it is known beforehand.
  ///   - batch: The run to which the covers belong.
  ///   - limit: Maximum amount that may be spent; `nil` for no limit.
  ///   - before: Jobs of earlier parts of the run.
  package init(price: Dollars, batch: String? = nil, limit: Dollars?, before: [Job] = []) {
    self.price = price
    self.batch = batch
    state = Mutex(
      State(budget: limit.map { Budget(limit: $0, spent: Self.cost(of: before, price: price)) }))
  }

  /// Returns the limit as an amount; a limit above the range becomes the largest amount, and an invalid one permits
  /// nothing.
  private static func limit(_ usd: Double) -> Dollars { Dollars(usd) ?? (usd > 0 ? .largest : .zero) }

  /// Returns the actual or possible cost of jobs; jobs without a price of their own count with the service's current
  /// price.
  private static func cost(of jobs: [Job], price: Dollars) -> Dollars {
    let sums = Spending(of: jobs).total
    return sums.usd + sums.estimated + price * sums.unpricedJobs
  }

  /// The amount reserved for one cover.
  package struct Reservation: Sendable { let price: Dollars }

  /// The reason for which nothing more begins; `nil` while covers may begin.
  package var closure: SpendingClosure? { state.withLock { $0.closure } }

  /// Reserves the price of one cover; if only reservations for others prevent it, waits for them.
  ///
  /// - Throws: `SpendingClosure` if the limit would be passed; nothing begins from then on.
  package func reserve() async throws(SpendingClosure) -> Reservation {
    while true {
      switch state.withLock({ tried(&$0) }) {
      case .success(let reservation): return reservation
      case .failure(let closure): throw closure
      case nil:
        await withCheckedContinuation { continuation in
          let isOver = state.withLock { state in
            // A reservation may have been settled since.
            if state.closure != nil || state.budget?.reserved == .zero { return true }
            state.waiting.append(continuation)
            return false
          }
          if isOver { continuation.resume() }
        }
      }
    }
  }

  /// Number of reservations that wait for covers under way.
  package var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Tries to reserve the price of one cover.
  ///
  /// - Returns: `nil` if the decision depends on the cost of covers under way.
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

  /// Releases the reservation for a cover that was not bought.
  package func release(_ reservation: Reservation) {
    settle(reservation, actual: .zero)
  }

  /// Counts the reserved amount as spent.
  package func keep(_ reservation: Reservation) { settle(reservation, actual: reservation.price) }

  /// Replaces the reserved amount by the cost of the job.
  package func settle(_ reservation: Reservation, _ job: Job?) {
    let actual = job.map { Self.cost(of: [$0], price: price) } ?? .zero
    settle(reservation, actual: actual)
  }

  /// Corrects the amount counted for a job bought by an earlier part of this run.
  package func correct(_ before: Job, to after: Job) {
    // Another run's jobs were not counted.
    guard let batch, before.batch == batch else { return }
    let (was, actual) = (Self.cost(of: [before], price: price), Self.cost(of: [after], price: price))
    changing { $0?.correct(was, to: actual) }
  }

  private func settle(_ reservation: Reservation, actual: Dollars) {
    changing { $0?.settle(reserved: reservation.price, actual: actual) }
  }

  /// Changes the budget, and wakes the reservations that wait for a change.
  private func changing(_ change: (inout Budget?) -> Void) {
    let waiting = state.withLock { state in
      change(&state.budget)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Prevents any more covers from beginning.
  package func close(_ closure: SpendingClosure) {
    let waiting = state.withLock { state in
      if state.closure == nil { state.closure = closure }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The amount spent; `nil` if there is no limit.
  package var sum: Sum? {
    state.withLock { state in state.budget.map { Sum(spent: $0.spent, limit: $0.limit) } }
  }
}
