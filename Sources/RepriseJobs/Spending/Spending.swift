/// What jobs have cost, by service: what services have told, and what is only expected.
///
/// A job counts from the moment at which the service may have taken it. Failed requests are not charged, and what was given
/// up before it was sent is not either.
public struct Spending: Sendable, Equatable {
  /// Sums over some jobs.
  public struct Sums: Sendable, Equatable {
    /// Jobs in any state.
    public var jobs = 0
    /// Jobs for which a service has told a charge above nothing, in either unit.
    public var paidJobs = 0
    /// The charges in the services' own units.
    public var credits = 0.0
    /// The charges in dollars.
    public var usd = Dollars.zero
    /// Jobs that may have been charged, without a charge in dollars told, whose price is known and above nothing.
    public var estimatedJobs = 0
    /// The sum of those prices.
    public var estimated = Dollars.zero
    /// Jobs that may have been charged, of which neither charge nor price is known.
    public var unpricedJobs = 0

    /// Sums over no jobs.
    public init() {}

    mutating func add(_ job: Job) {
      jobs += 1
      guard job.mayBeCharged else { return }
      // So that no sum of them is beyond what a number holds.
      if let told = job.credits, told > 0, told <= 1e15 { credits += told }
      if let told = job.toldCharge {
        usd += told
        if told > .zero { paidJobs += 1 }
        return
      }
      if let told = job.credits, told > 0 { paidJobs += 1 }
      guard let price = job.price.flatMap({ Dollars($0) }) else {
        // The local service asks for nothing, also in rows from before prices were kept.
        if job.service != "local", job.credits == nil { unpricedJobs += 1 }
        return
      }
      guard price > .zero else { return }
      estimatedJobs += 1
      estimated += price
    }
  }

  /// The sums of each service, in the order of their names.
  public let services: [(service: String, sums: Sums)]
  /// The sums of all.
  public let total: Sums

  /// Sums over jobs.
  public init(of jobs: some Sequence<Job>) {
    var services: [String: Sums] = [:]
    var total = Sums()
    for job in jobs {
      services[job.service, default: Sums()].add(job)
      total.add(job)
    }
    self.services = services.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.total = total
  }

  /// Whether every sum is the same.
  public static func == (left: Spending, right: Spending) -> Bool {
    left.total == right.total && left.services.elementsEqual(right.services, by: ==)
  }
}

extension Job {
  /// Whether the service may have charged for this job.
  var mayBeCharged: Bool {
    switch state {
    // Without its last bytes no request can have been taken.
    case .submitting: sealed != nil
    // A newer version's state: what has an id was taken once.
    case .unknown: id != nil
    default: state.mayBePaid
    }
  }
}

extension Spending.Sums: CustomStringConvertible {
  /// `3 jobs: $0.39 for 2, about $0.195 for 1 that may have been charged`.
  public var description: String {
    var parts: [String] = []
    if paidJobs > 0 {
      parts.append("\(usd) for \(paidJobs)" + (credits > 0 ? " (\(Self.plain(credits)) credits)" : ""))
    }
    if estimatedJobs > 0 {
      parts.append("about \(estimated) for \(estimatedJobs), by its price: what was charged is not told")
    }
    if unpricedJobs > 0 { parts.append("\(unpricedJobs) of unknown cost") }
    return "\(jobs) job\(jobs == 1 ? "" : "s"): "
      + (parts.isEmpty ? "nothing was charged" : parts.joined(separator: "; "))
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}
