import CommandText
import Foundation
import Jobs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    let rows = ColumnFit.lines([head] + cells, window: Terminal.window(STDOUT_FILENO))
    lines =
      Array(rows.prefix(1))
      + zip(jobs, rows.dropFirst()).flatMap { job, row in
        [row] + JobText.remarks(job).map { "    " + $0 }
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
