internal import RepriseVerification

/// Counts of the outcomes of many covers.
package struct CoverTally: Sendable, Equatable {
  /// Number of covers made by this run.
  package private(set) var made = 0
  /// Number of covers made by an earlier run.
  package private(set) var madeBefore = 0
  /// Number of orders skipped because a file is at their output.
  package private(set) var skipped = 0
  /// Number of orders submitted to the service without waiting for the result.
  package private(set) var submitted = 0
  /// Number of orders that an earlier run has submitted, and whose result was not waited for.
  package private(set) var submittedBefore = 0
  /// Number of covers, of this run and of earlier ones, that failed their check.
  package private(set) var failedCheck = 0
  /// Number of open jobs.
  package private(set) var pending = 0
  /// Number of failed orders.
  package private(set) var failed = 0
  /// Number of orders that were stopped with the run and left nothing open.
  package private(set) var interrupted = 0
  /// Number of orders that were not begun.
  package private(set) var notBegun = 0
  /// `true` if the service has refused the key, or there is no credit.
  package private(set) var isKeyRefused = false

  /// Creates an empty tally.
  package init() {}

  /// Total number of orders that have ended.
  package var count: Int {
    made + madeBefore + skipped + submitted + submittedBefore + pending + failed + interrupted + notBegun
  }

  /// Counts the outcome of an order.
  package mutating func add(_ outcome: CoverBatch.Outcome) {
    switch outcome {
    case .finished(let finished):
      guard let report = finished.report else {
        madeBefore += 1
        if finished.job.verdict == "fail" { failedCheck += 1 }
        return
      }
      made += 1
      if report.verdict == .fail { failedCheck += 1 }
    case .skipped: skipped += 1
    case .submitted(let cover): if cover.origin == .submittedBefore { submittedBefore += 1 } else { submitted += 1 }
    case .notBegun: notBegun += 1
    case .failed(let error, let job):
      let kind = CoverPipelineError.kind(of: error)
      if job?.state.isOpen == true || kind == .pending {
        pending += 1
      } else if kind == .interrupted {
        interrupted += 1
      } else {
        failed += 1
      }
      if kind == .keyRefused { isKeyRefused = true }
    }
  }
}

/// Counts of the outcomes of several resumed jobs.
package struct ResumptionTally: Sendable, Equatable {
  /// Number of finished jobs.
  package private(set) var done = 0
  /// Number of their covers that failed their check.
  package private(set) var failedCheck = 0
  /// Number of jobs that are still open.
  package private(set) var open = 0
  /// Number of failed jobs.
  package private(set) var failed = 0
  /// `true` if a service has refused the key, or there is no credit.
  package private(set) var isKeyRefused = false

  /// Creates an empty tally.
  package init() {}

  /// Counts the outcome of a job.
  package mutating func add(_ outcome: ResumptionBatch.Outcome) {
    switch outcome {
    case .finished(let finished):
      done += 1
      if finished.report?.verdict == .fail { failedCheck += 1 }
    case .failed(let job, let error):
      if job.state.isOpen { open += 1 } else { failed += 1 }
      if CoverPipelineError.kind(of: error) == .keyRefused { isKeyRefused = true }
    }
  }
}
