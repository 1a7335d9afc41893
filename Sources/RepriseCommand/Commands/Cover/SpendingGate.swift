import RepriseService
import RepriseJobs
import Synchronization

/// Lets covers of a run begin, until the money or the key says no.
final class SpendingGate: Sendable {
  private struct State {
    var budget: Budget?
    var closed: String?
    /// Those that wait for what is under way to cost less than was set aside for it.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let price: Dollars
  /// The run whose jobs were counted when it began.
  private let batch: String?

  /// - Parameters:
  ///   - batch: the run, whose earlier parts count.
  ///   - maxSpend: dollars; nil lets everything begin.
  /// - Throws: `Trouble` with 64 where there is a limit and no price to hold against it.
  init(desk: CoverDesk, batch: String?, maxSpend: Double?) async throws {
    let configured = desk.service.usdPerCover.flatMap { Dollars($0) }
    price = configured ?? .zero
    self.batch = batch
    guard let maxSpend else {
      state = Mutex(State())
      return
    }
    // A limit is never dropped: what can't be counted to is the most that can, and what is no number lets nothing through.
    let limit = Dollars(maxSpend) ?? (maxSpend > 0 ? .largest : .zero)
    guard configured != nil else {
      throw Trouble(
        .usage,
        "--max-spend needs to know what a cover costs at '\(desk.service.name)'; say price_usd for it in config.toml"
          + " ('reprise services' shows what is in force)")
    }
    let before = if let batch { try await desk.ledger.jobs(batch: batch) } else { [Job]() }
    state = Mutex(State(budget: Budget(limit: limit, spent: Self.cost(of: before, price: price))))
  }

  /// What jobs have cost, or may have; of those that know no price of their own, by the service's price of today.
  private static func cost(of jobs: [Job], price: Dollars) -> Dollars {
    let sums = Spending(of: jobs).total
    return sums.usd + sums.estimated + price * sums.unpricedJobs
  }

  /// What is set aside for one cover.
  struct Reservation: Sendable { let price: Dollars }

  /// Why nothing more begins; nil while something may.
  var closed: String? { state.withLock { $0.closed } }

  /// Sets the price of one cover aside; where only what is set aside for others stands in the way, waits for them.
  ///
  /// - Returns: nil where the limit would be passed; nothing begins from then on.
  func reserve() async -> Reservation? {
    while true {
      switch state.withLock({ tried(&$0) }) {
      case .some(let answer): return answer
      case nil:
        await withCheckedContinuation { continuation in
          let isOver = state.withLock { state in
            // It may have been settled since.
            if state.closed != nil || state.budget?.reserved == .zero { return true }
            state.waiting.append(continuation)
            return false
          }
          if isOver { continuation.resume() }
        }
      }
    }
  }

  /// - Returns: nil where it depends on what others will have cost.
  private func tried(_ state: inout State) -> Reservation?? {
    if state.closed != nil { return .some(nil) }
    guard let budget = state.budget else { return Reservation(price: .zero) }
    let price = budget.expectation(self.price) ?? self.price
    if state.budget?.reserve(price) == true { return Reservation(price: price) }
    if budget.reserved > .zero, budget.spent + price <= budget.limit { return nil }
    state.closed = "another cover, about \(price), would pass --max-spend \(budget.limit) (\(budget.spent) is spent)"
    return .some(nil)
  }

  /// Gives back what was set aside for a cover that was not bought.
  func release(_ reservation: Reservation) {
    settle(reservation, actual: .zero)
  }

  /// Counts what was set aside as spent.
  func keep(_ reservation: Reservation) { settle(reservation, actual: reservation.price) }

  /// Replaces what was set aside by what the job has cost.
  func settle(_ reservation: Reservation, _ job: Job?) {
    let actual = job.map { Self.cost(of: [$0], price: price) } ?? .zero
    settle(reservation, actual: actual)
  }

  /// Counts what a job that an earlier part of this run has bought has turned out to cost.
  func correct(_ before: Job, to after: Job) {
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
  func close(because reason: String) {
    let waiting = state.withLock { state in
      if state.closed == nil { state.closed = reason }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// What was spent, for the last line; nothing where nothing was counted.
  var words: String {
    state.withLock { state in state.budget.map { "; \($0.spent) of \($0.limit) spent" } ?? "" }
  }
}
