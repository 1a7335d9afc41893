import Foundation
import RepriseJobs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Jobs as text: one line each, in aligned columns, followed by the error and the command that resumes the job.
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
    let table = Self.table([head] + cells, window: Terminal.window(CommandContext.current.output))
    lines =
      Array(table.rows.prefix(1))
      + zip(jobs, table.rows.dropFirst()).flatMap { job, row in
        let output = table.hasOutputs ? [] : [Console.printable(job.output)]
        return [row] + (output + JobText.remarks(job)).map { "    " + $0 }
      }
  }

  /// Returns the rows that fit into the window, with the outputs or, if there is no room, without; a job's name, which
  /// has to be typed, is never shortened.
  private static func table(_ rows: [[String]], window: Int?) -> (rows: [String], hasOutputs: Bool) {
    let (service, begun, cost, output) = (3, 2, 4, 5)
    let whole: [ColumnFit.Concession] = [
      .shortening(output, least: 20), .omitting(begun), .shortening(service, least: 8),
    ]
    if let rows = ColumnFit.lines(rows, window: window, conceding: whole) { return (rows, true) }
    let withoutOutputs = rows.map { Array($0.dropLast()) }
    let narrow: [ColumnFit.Concession] = [
      .shortening(service, least: 8), .omitting(begun), .omitting(service), .omitting(cost),
    ]
    let least = withoutOutputs.map { Array($0.prefix(2)) }
    return (
      ColumnFit.lines(withoutOutputs, window: window, conceding: narrow)
        ?? ColumnFit.lines(least, window: nil), false
    )
  }

  private static func state(_ job: Job) -> String {
    job.state.rawValue + (job.verdict.map { " (\(Console.printable($0)))" } ?? "")
  }

  /// Returns the actual or the expected charge.
  private static func cost(_ job: Job) -> String {
    let sums = Spending(of: [job]).total
    if sums.usd > .zero { return sums.usd.description }
    if sums.estimated > .zero { return "~" + sums.estimated.description }
    if sums.credits > 0 { return "\(sums.credits) cr" }
    return sums.unpricedJobs > 0 ? "?" : "-"
  }
}
