/// What a service told that a cover cost in US dollars, by whether it can be so. Pure.
public enum ToldCost: Sendable, Equatable {
  /// Nothing was told.
  case untold
  /// Nothing was charged, or nothing yet: services say 0 before they know, and of questions.
  case nothing
  /// An amount above nothing that a cover can cost.
  case amount(Dollars)
  /// No cover costs that: it is negative, no number, or above `largest`. It is not counted.
  case senseless(Double)

  /// The most that a cover can cost: the highest price that a service can be given in the configuration.
  public static let largest = Dollars(micros: 1_000_000_000)

  /// Reads an amount as it was told.
  public init(_ usd: Double?) {
    guard let usd else {
      self = .untold
      return
    }
    guard let amount = Dollars(usd), amount <= Self.largest else {
      self = .senseless(usd)
      return
    }
    // Less than a millionth of a dollar is nothing that could be counted.
    self = amount == .zero ? .nothing : .amount(amount)
  }
}

extension Job {
  /// The charge that counts, where the service told one: what can be no price does not, and neither does 0 where the
  /// service has a price, unless the job failed and so is not charged.
  public var toldCharge: Dollars? {
    switch ToldCost(usd) {
    case .untold, .senseless: nil
    case .nothing: hasPrice && state != .failed ? nil : .zero
    case .amount(let amount): amount
    }
  }

  private var hasPrice: Bool { price.flatMap { Dollars($0) }.map { $0 > .zero } ?? false }

  /// Takes what a service told of the cost. A price told later replaces one told earlier; one that is not told changes
  /// nothing, and neither does 0: it is what a question costs, or a cover whose price is not known yet. What can be no
  /// price is kept apart.
  mutating func pay(_ credits: Double?, _ usd: Double?) {
    if let credits, credits > 0 || self.credits == nil { self.credits = credits }
    switch ToldCost(usd) {
    case .untold: break
    case .nothing: if self.usd == nil { self.usd = 0 }
    case .amount(let amount):
      self.usd = amount.usd
      senselessCost = nil
    case .senseless(let told): senselessCost = String(told)
    }
  }
}
