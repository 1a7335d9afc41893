import Foundation
import Jobs

/// Jobs for people: one line each, columns aligned, and below it what went wrong and how to go on.
struct JobsTable {
  let lines: [String]

  init(_ jobs: [Job]) {
    let cells = jobs.map { job in
      [
        job.job, Self.state(job), LocalTime.minute(job.created), Console.printable(job.service), Self.cost(job),
        Console.printable(job.output),
      ]
    }
    let head = ["JOB", "STATE", "BEGUN", "SERVICE", "COST", "OUTPUT"]
    let widths = head.indices.map { column in ([head] + cells).map { $0[column].count }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      // Only the last column may be as long as it likes.
      zip(row, widths).dropLast().map { $0 + String(repeating: " ", count: $1 - $0.count) + "  " }.joined()
        + (row.last ?? "")
    }
    lines =
      [line(head)]
      + zip(jobs, cells).flatMap { job, row in
        [line(row)] + JobText.remarks(job).map { "    " + $0 }
      }
  }

  private static func state(_ job: Job) -> String {
    job.state.rawValue + (job.verdict.map { " (\(Console.printable($0)))" } ?? "")
  }

  /// What was charged, or what is expected to be.
  private static func cost(_ job: Job) -> String {
    let sums = Spending(of: [job]).total
    if sums.usd > .zero { return sums.usd.description }
    if sums.estimated > .zero { return "~" + sums.estimated.description }
    if sums.credits > 0 { return "\(sums.credits) cr" }
    return sums.unpricedJobs > 0 ? "?" : "-"
  }
}
