import CoverService
import Jobs
import Synchronization

/// Lets covers of a run begin, until the money or the key says no.
final class SpendingGate: Sendable {
  private struct State {
    var budget: Budget?
    var closed: String?
  }

  private let state: Mutex<State>
  private let price: Double?

  /// - Throws: `Trouble` with 64 where there is a limit and no price to hold against it.
  init(desk: CoverDesk, batch: String?, maxSpend: Double?) async throws {
    price = desk.service.usdPerCover
    guard let maxSpend else {
      state = Mutex(State())
      return
    }
    guard price != nil else {
      throw Trouble(
        .usage,
        "--max-spend needs to know what a cover costs at '\(desk.service.name)'; say price_usd in config.toml"
          + " ('reprise services' shows what is in force)")
    }
    // What earlier parts of this run have cost counts.
    let before = if let batch { try await desk.ledger.jobs(batch: batch) } else { [Job]() }
    let spent = Spending(before).usd
    state = Mutex(State(budget: Budget(limit: maxSpend, spent: spent, price: price ?? 0)))
  }

  /// Why nothing more begins; nil while something may.
  var closed: String? { state.withLock { $0.closed } }

  /// Sets the price of one cover aside.
  ///
  /// - Returns: false where the limit would be passed; nothing begins from then on.
  func reserve() -> Bool {
    state.withLock { state in
      if state.closed != nil { return false }
      guard state.budget != nil else { return true }
      if state.budget?.reserve() == true { return true }
      let limit = state.budget?.limit ?? 0
      let spent = state.budget?.committed ?? 0
      state.closed =
        "another cover would pass --max-spend \(Money.text(limit)) (\(Money.text(spent)) spent or set aside, about"
        + " \(Money.text(state.budget?.price ?? 0)) each)"
      return false
    }
  }

  /// Gives back what was set aside for a cover that was not bought.
  func release() { state.withLock { $0.budget?.settle(actual: 0) } }

  /// Notes what a job has cost.
  func settle(_ job: Job?) {
    state.withLock { state in
      guard let job else {
        state.budget?.settle(actual: 0)
        return
      }
      state.budget?.settle(actual: Spending([job]).usd)
    }
  }

  /// Lets nothing more begin.
  func close(because reason: String) {
    state.withLock { if $0.closed == nil { $0.closed = reason } }
  }

  /// What was spent, for the last line; nothing where nothing was counted.
  var words: String {
    state.withLock { state in
      state.budget.map { "; about \(Money.text($0.spent)) of \(Money.text($0.limit)) spent" } ?? ""
    }
  }
}
