internal import RepriseVerification

/// Numbers of what became of many covers.
package struct CoverTally: Sendable, Equatable {
  /// Covers that this run has made.
  package private(set) var made = 0
  /// Covers that an earlier run has made.
  package private(set) var madeBefore = 0
  /// Orders that were left out, since a file is at their output.
  package private(set) var skipped = 0
  /// Orders that the service has and nobody waited for.
  package private(set) var submitted = 0
  /// Covers, of this run and of earlier ones, that failed their check.
  package private(set) var failedCheck = 0
  /// Jobs that are open.
  package private(set) var pending = 0
  /// Orders that came to nothing.
  package private(set) var failed = 0
  /// Orders that were stopped with the run and left nothing open.
  package private(set) var interrupted = 0
  /// Orders that were not begun.
  package private(set) var notBegun = 0
  /// Whether the service has refused the key, or there is no credit.
  package private(set) var isKeyRefused = false

  /// Creates a tally of nothing.
  package init() {}

  /// All that have ended.
  package var count: Int { made + madeBefore + skipped + submitted + pending + failed + interrupted + notBegun }

  /// Counts what became of an order.
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
    case .submitted: submitted += 1
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

/// Numbers of what became of several jobs that were gone on with.
package struct ResumptionTally: Sendable, Equatable {
  /// Jobs that came to their end.
  package private(set) var done = 0
  /// Covers among them that failed their check.
  package private(set) var failedCheck = 0
  /// Jobs that are still open.
  package private(set) var open = 0
  /// Jobs that came to nothing.
  package private(set) var failed = 0
  /// Whether a service has refused the key, or there is no credit.
  package private(set) var isKeyRefused = false

  /// Creates a tally of nothing.
  package init() {}

  /// Counts what became of a job.
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
