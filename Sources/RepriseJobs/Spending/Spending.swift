/// The cost of jobs, by service: charges reported by services, and expected charges.
///
/// A job counts from the moment at which the service may have taken it. Failed requests are not charged, and neither
/// are jobs that were given up before they were sent.
package struct Spending: Sendable, Equatable {
  /// Sums over some jobs.
  package struct Sums: Sendable, Equatable {
    /// Number of jobs in any state.
    package var jobs = 0
    /// Number of jobs for which a service has reported a charge above zero, in either unit.
    package var paidJobs = 0
    /// Sum of the charges in the services' own units.
    package var credits = 0.0
    /// Sum of the charges in dollars.
    package var usd = Dollars.zero
    /// Number of jobs that may have been charged, without a reported charge in dollars, whose price is known and above
    /// zero.
    package var estimatedJobs = 0
    /// Sum of those prices.
    package var estimated = Dollars.zero
    /// Number of jobs that may have been charged, with neither charge nor price known.
    package var unpricedJobs = 0

    /// Creates sums over no jobs.
    package init() {}

    mutating func add(_ job: Job) {
      jobs += 1
      guard job.mayBeCharged else { return }
      // The bound keeps the sum within the range of a number.
      if let reported = job.credits, reported > 0, reported <= 1e15 { credits += reported }
      if let reported = job.reportedCharge {
        usd += reported
        if reported > .zero { paidJobs += 1 }
        return
      }
      if let reported = job.credits, reported > 0 { paidJobs += 1 }
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

  /// Sums of each service, ordered by the services' names.
  package let services: [(service: String, sums: Sums)]
  /// Sums over all jobs.
  package let total: Sums

  /// Creates sums over jobs.
  package init(of jobs: some Sequence<Job>) {
    var services: [String: Sums] = [:]
    var total = Sums()
    for job in jobs {
      services[job.service, default: Sums()].add(job)
      total.add(job)
    }
    self.services = services.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.total = total
  }

  /// Returns `true` if all sums are equal.
  package static func == (left: Spending, right: Spending) -> Bool {
    left.total == right.total && left.services.elementsEqual(right.services, by: ==)
  }
}

extension Job {
  /// `true` if the service may have charged for this job.
  var mayBeCharged: Bool {
    switch state {
    // A request without its last bytes cannot have been taken.
    case .submitting: sealed != nil
    // A state of a newer version: a job with an id was taken once.
    case .unknown: id != nil
    default: state.mayBePaid
    }
  }
}

extension Spending.Sums: CustomStringConvertible {
  /// A summary such as `3 jobs: $0.39 for 2, about $0.195 for 1 that may have been charged`.
  package var description: String {
    var parts: [String] = []
    if paidJobs > 0 {
      parts.append("\(usd) for \(paidJobs)" + (credits > 0 ? " (\(Self.plain(credits)) credits)" : ""))
    }
    if estimatedJobs > 0 {
      parts.append("about \(estimated) for \(estimatedJobs), by its price: what was charged is not known")
    }
    if unpricedJobs > 0 { parts.append("\(unpricedJobs) of unknown cost") }
    return "\(jobs) job\(jobs == 1 ? "" : "s"): "
      + (parts.isEmpty ? "nothing was charged" : parts.joined(separator: "; "))
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}
