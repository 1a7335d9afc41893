/// How much may be spent, and how much is: a job's price is set aside before it is sent, and settled when it is known.
///
/// What is spent and what is set aside together never pass the limit by a reservation. A service that charges more than was
/// expected can do it; then nothing more is let through.
public struct Budget: Sendable, Equatable {
  /// The most that may be spent.
  public let limit: Dollars
  /// What was charged.
  public private(set) var spent = Dollars.zero
  /// What is set aside for jobs that are under way.
  public private(set) var reserved = Dollars.zero
  /// The highest charge of this run.
  public private(set) var highest = Dollars.zero
  private var underWay = 0

  /// A budget.
  ///
  /// - Parameter spent: what was charged before, in all; it says nothing of what one job costs.
  public init(limit: Dollars, spent: Dollars = .zero) {
    self.limit = limit
    self.spent = spent
  }

  /// What can still be set aside.
  public var left: Dollars { limit - committed }

  /// What a job will cost: the price that is known beforehand or the highest charge seen, whichever is more; nil where
  /// neither is known.
  public func expectation(_ configured: Dollars?) -> Dollars? {
    guard let configured else { return highest == .zero ? nil : highest }
    return max(configured, highest)
  }

  /// Sets a price aside.
  ///
  /// - Returns: false, and nothing changes, where that would pass the limit.
  public mutating func reserve(_ price: Dollars) -> Bool {
    // Sums stop at the largest amount, so that one at its end must not look like one within the limit.
    guard committed <= limit, price <= left else { return false }
    reserved += price
    underWay += 1
    return true
  }

  /// Replaces what was set aside for a job by what it was charged.
  ///
  /// - Parameters:
  ///   - price: what `reserve` was told.
  ///   - actual: the charge; nothing for a job that failed. Where the service does not say it, pass the price.
  public mutating func settle(reserved price: Dollars, actual: Dollars) {
    reserved = reserved - price
    underWay = max(underWay - 1, 0)
    spent += actual
    highest = max(highest, actual)
  }

  /// Replaces what a job of an earlier run was counted as by what it has turned out to cost.
  public mutating func correct(_ before: Dollars, to actual: Dollars) {
    spent = spent - before + actual
    highest = max(highest, actual)
  }

  /// Jobs under way may be charged as much as the dearest so far.
  private var committed: Dollars { spent + max(reserved, highest * underWay) }
}
