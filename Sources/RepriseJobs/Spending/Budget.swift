/// A spending limit and the amounts spent and reserved: a job's price is reserved before it is sent, and settled when
/// it is known.
///
/// A reservation never lets the sum of the spent and reserved amounts pass the limit. A service that charges more than
/// expected can; then nothing more is permitted.
package struct Budget: Sendable, Equatable {
  /// Maximum amount that may be spent.
  package let limit: Dollars
  /// Amount charged.
  package private(set) var spent = Dollars.zero
  /// Amount reserved for jobs that are under way.
  package private(set) var reserved = Dollars.zero
  /// Highest charge of this run.
  package private(set) var highest = Dollars.zero
  private var underWay = 0

  /// Creates a budget.
  ///
  /// - Parameters:
  ///   - limit: Maximum amount that may be spent.
  ///   - spent: Total amount charged before, which implies nothing about the cost of one job.
  package init(limit: Dollars, spent: Dollars = .zero) {
    self.limit = limit
    self.spent = spent
  }

  /// Amount that can still be reserved.
  package var left: Dollars { limit - committed }

  /// Returns the expected cost of a job: the price known beforehand or the highest charge seen, whichever is more; nil
  /// if neither is known.
  package func expectation(_ configured: Dollars?) -> Dollars? {
    guard let configured else { return highest == .zero ? nil : highest }
    return max(configured, highest)
  }

  /// Reserves a price.
  ///
  /// - Returns: `false`, and nothing changes, if the reservation would pass the limit.
  package mutating func reserve(_ price: Dollars) -> Bool {
    // Sums are clamped to the largest amount, so that a clamped one must not look like one within the limit.
    guard committed <= limit, price <= left else { return false }
    reserved += price
    underWay += 1
    return true
  }

  /// Replaces the reservation for a job by its charge.
  ///
  /// - Parameters:
  ///   - price: The price passed to `reserve`.
  ///   - actual: The charge; zero for a job that failed. If the service does not report it, pass the price.
  package mutating func settle(reserved price: Dollars, actual: Dollars) {
    reserved = reserved - price
    underWay = max(underWay - 1, 0)
    spent += actual
    highest = max(highest, actual)
  }

  /// Replaces the amount counted for a job of an earlier run by its actual cost.
  package mutating func correct(_ before: Dollars, to actual: Dollars) {
    spent = spent - before + actual
    highest = max(highest, actual)
  }

  /// Amount spent and reserved, where each job under way may be charged as much as the highest charge so far.
  private var committed: Dollars { spent + max(reserved, highest * underWay) }
}
