import RepriseJobs

/// Remarks on the cost of a job.
enum CostText {
  /// Returns a remark on an implausible cost reported by the service, and on the amount counted instead; `nil` if there
  /// is none.
  static func remark(_ job: Job) -> String? {
    guard let reported = job.senselessCost else { return nil }
    let counted =
      job.reportedCharge?.description
      ?? job.price.flatMap { Dollars($0) }.map { "its price, \($0)," } ?? "nothing, since no price is known for it,"
    return
      "the service says that it cost \(Console.printable(reported)) dollars, which no cover does; \(counted) is counted"
  }

  /// Returns two remarks combined into one.
  static func joined(_ first: String?, _ second: String?) -> String? {
    let parts = [first, second].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
