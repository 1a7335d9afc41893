import ArgumentParser
import Foundation
import RepriseJobs

struct JobsSpentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spent", abstract: "What jobs have cost, by service.",
    discussion: """
      The charges that services have reported are summed; for jobs that may have been charged without a report, the \
      price at their submission is shown separately. Failed jobs are not charged.
      """)

  @Option(help: ArgumentHelp("Only jobs begun within this time, such as 30d, 12h or 90m.", valueName: "time"))
  var since: SpanOfTime?

  @OptionGroup var speech: OutputOptions

  func run() async throws {
    let begin = since?.ago()
    let jobs = try await KnownLedger.jobs().filter { job in begin.map { job.created >= $0 } ?? true }
    let spending = Spending(of: jobs)
    if speech.json { return try Console.data(try Console.json(SpendingRecord(spending, since: begin))) }
    let width = spending.services.map { Console.printable($0.service).count }.max() ?? 0
    for (service, sums) in spending.services {
      let name = Console.printable(service)
      try Console.data(name + String(repeating: " ", count: width - name.count) + "  \(sums)")
    }
    if spending.services.count != 1 { try Console.data(spending.total.description) }
  }
}
