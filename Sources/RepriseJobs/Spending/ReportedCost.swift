/// The cost of a cover in US dollars as reported by a service, classified by plausibility.
package enum ReportedCost: Sendable, Equatable {
  /// No cost was reported.
  case unreported
  /// No charge, or none yet: services report 0 before they know the cost, and for polls.
  case nothing
  /// An amount above zero that a cover can cost.
  case amount(Dollars)
  /// An impossible cost: negative, not a number, or above `largest`; the cost is not counted.
  case senseless(Double)

  /// Maximum cost of a cover: the highest price that a service can have in the configuration.
  package static let largest = Dollars(micros: 1_000_000_000)

  /// Classifies a reported amount.
  package init(_ usd: Double?) {
    guard let usd else {
      self = .unreported
      return
    }
    guard let amount = Dollars(usd), amount <= Self.largest else {
      self = .senseless(usd)
      return
    }
    // Less than a millionth of a dollar counts as zero.
    self = amount == .zero ? .nothing : .amount(amount)
  }
}

extension Job {
  /// The charge that counts, if the service reported one.
  ///
  /// An impossible price does not count, and neither does 0 if the service has a price, unless the job failed and so is
  /// not charged.
  package var reportedCharge: Dollars? {
    switch ReportedCost(usd) {
    case .unreported, .senseless: nil
    case .nothing: hasPrice && state != .failed ? nil : .zero
    case .amount(let amount): amount
    }
  }

  private var hasPrice: Bool { price.flatMap { Dollars($0) }.map { $0 > .zero } ?? false }

  /// Records the cost reported by a service.
  ///
  /// A later price replaces an earlier one; a missing one changes nothing, and neither does 0, which is the cost of a
  /// poll, or of a cover whose price is not known yet. An impossible price is kept separately.
  mutating func pay(_ credits: Double?, _ usd: Double?) {
    if let credits, credits > 0 || self.credits == nil { self.credits = credits }
    switch ReportedCost(usd) {
    case .unreported: break
    case .nothing: if self.usd == nil { self.usd = 0 }
    case .amount(let amount):
      self.usd = amount.usd
      senselessCost = nil
    case .senseless(let reported): senselessCost = String(reported)
    }
  }
}
