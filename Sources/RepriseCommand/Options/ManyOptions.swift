import ArgumentParser
import RepriseJobs
import RepriseService

/// The options for making several covers in one run.
struct ManyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A list of covers, CSV or JSON Lines; - is stdin.", valueName: "file"))
  var manifest: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Number of covers made at once. (default: the service's limit; locally one per core)", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Begin no cover that would raise the cost of the run, earlier parts included, above this.",
      valueName: "dollars"))
  var maxSpend: Double?

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
    if let maxSpend, !(0...1e9).contains(maxSpend) {
      throw ValidationError("--max-spend takes 0 to 1e9 dollars, not \(maxSpend)")
    }
  }

  /// Returns the number of covers made at a time: the requested one, limited to the service's maximum.
  func width(at service: ServiceDescription, say: (String) -> Void) -> Int {
    guard let jobs else { return service.usualWidth }
    guard jobs > service.concurrency else { return jobs }
    say("the service '\(service.name)' allows \(service.concurrency) at once, so --jobs \(jobs) means that")
    return service.concurrency
  }
}
