import RepriseJobs

/// What a job has cost, where that wants words.
enum CostText {
  /// What the service told as a cost and no cover can cost, and what is counted instead; nil where there is no such thing.
  static func remark(_ job: Job) -> String? {
    guard let told = job.senselessCost else { return nil }
    let counted =
      job.toldCharge?.description
      ?? job.price.flatMap { Dollars($0) }.map { "its price, \($0)," } ?? "nothing, since no price is known for it,"
    return
      "the service says that it cost \(Console.printable(told)) dollars, which no cover does; \(counted) is counted"
  }

  /// Two remarks as one.
  static func joined(_ first: String?, _ second: String?) -> String? {
    let parts = [first, second].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
