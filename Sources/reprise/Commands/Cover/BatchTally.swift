import Foundation
import Jobs
import Platform
import Synchronization
import Verification

/// Counts what became of many covers, and says each as it ends.
final class BatchTally: Sendable {
  private struct Counts {
    var made = 0
    var before = 0
    var submitted = 0
    var failedCheck = 0
    var pending = 0
    var failed = 0
    var notBegun = 0
    var isKeyRefused = false

    var all: Int { made + before + submitted + pending + failed + notBegun }
  }

  private let count: Int
  private let progress: Progress
  private let counts = Mutex(Counts())

  init(count: Int, quiet: Bool) {
    self.count = count
    progress = Progress(quiet: quiet)
    if Console.isTerminal { progress.report("covers", share: 0, detail: "0 of \(count)") }
  }

  func add(_ outcome: CoverBatch.Outcome, _ order: CoverOrder) {
    let (line, done) = counts.withLock { counts in (Self.note(outcome, order, &counts), counts.all) }
    if let line {
      // What went wrong is said however quiet it should be.
      let isTrouble =
        switch outcome {
        case .failed, .notBegun: true
        case .finished, .submitted: false
        }
      progress.interject(["[\(done)/\(count)] \(line)"], evenIfQuiet: isTrouble)
    }
    if Console.isTerminal {
      progress.report("covers", share: Double(done) / Double(count), detail: "\(done) of \(count)")
    }
  }

  func finish() { progress.finish() }

  private static func note(
    _ outcome: CoverBatch.Outcome, _ order: CoverOrder, _ counts: inout Counts
  ) -> String? {
    let (input, output) = (Console.printable(order.shown), Console.printable(order.output))
    switch outcome {
    case .finished(let finished):
      guard let report = finished.report else {
        counts.before += 1
        if finished.job.verdict == "fail" { counts.failedCheck += 1 }
        return "\(input): \(finished.remark ?? "was made before")"
      }
      counts.made += 1
      if report.verdict == .fail { counts.failedCheck += 1 }
      let remark = finished.remark.map { " (\($0))" } ?? ""
      let unusual = report.checks.filter { $0.verdict != .pass }.map { "\($0.name) \($0.value)" }
      let why = unusual.isEmpty ? "" : ": " + Console.printable(unusual.joined(separator: "; "))
      return "\(input): \(output), \(report.verdict.rawValue)\(why)\(remark)"
    case .submitted(let job):
      counts.submitted += 1
      return "\(input): submitted as job \(job.job)"
    case .notBegun(let reason):
      counts.notBegun += 1
      // One line for a thousand rows that wait for the same thing.
      return counts.notBegun == 1 ? "\(input) and what follows: not begun: \(reason)" : nil
    case .failed(let status, let job, let words):
      if job?.state.isOpen == true || status == .pending { counts.pending += 1 } else { counts.failed += 1 }
      if status == .keyOrCredit { counts.isKeyRefused = true }
      return words
    }
  }

  /// The sum of it.
  var words: String {
    counts.withLock { counts in
      var parts = ["\(counts.made) of \(counted(count, "cover")) made"]
      if counts.failedCheck > 0 { parts.append("\(counts.failedCheck) failed their check") }
      if counts.before > 0 { parts.append("\(counts.before) were there") }
      if counts.submitted > 0 { parts.append("\(counts.submitted) submitted") }
      if counts.pending > 0 { parts.append("\(counts.pending) open ('reprise resume --all' goes on)") }
      if counts.failed > 0 { parts.append("\(counts.failed) failed") }
      if counts.notBegun > 0 { parts.append("\(counts.notBegun) not begun") }
      return parts.joined(separator: ", ")
    }
  }

  /// The exit code; nil where all is fine.
  var status: ExitStatus? {
    counts.withLock { counts in
      if counts.isKeyRefused { return .keyOrCredit }
      if counts.pending > 0 { return .pending }
      return counts.failed + counts.notBegun + counts.failedCheck > 0 ? .rejected : nil
    }
  }
}
