import Foundation
import RepriseJobs
import RepriseSystem
import RepriseVerification
import Synchronization

/// A view that reports the outcome of each of several resumed jobs.
final class ResumptionView: Sendable {
  private let count: Int
  private let speech: OutputOptions
  private let tally = Mutex(ResumptionTally())

  init(count: Int, speech: OutputOptions) {
    self.count = count
    self.speech = speech
  }

  /// Counts and reports an outcome.
  ///
  /// - Parameter outcome: The outcome.
  /// - Throws: `CommandError` if writing to stdout fails.
  func add(_ outcome: ResumptionBatch.Outcome) throws {
    tally.withLock { $0.add(outcome) }
    switch outcome {
    case .finished(let finished):
      let (job, report) = (finished.job, finished.report)
      let remark = FinishedCoverText.remark(finished).map { " (\($0))" } ?? ""
      speech.say(
        "\(job.job): \(Console.printable(job.output)), \(report?.verdict.rawValue ?? job.state.rawValue)\(remark)")
      try Console.data(speech.json ? try Console.json(JobRecord(job)) : job.output)
    case .failed(let job, let error):
      let message = ErrorPresentation.sentence(error)
      Console.say("reprise: \(JobErrorText.names(job, error) ? "" : "job \(job.job): ")\(message)")
      if speech.json { try Console.data(try Console.json(JobRecord(job))) }
    }
  }

  /// Shows an event that concerns several jobs.
  func show(_ event: CoverEvent) {
    switch event {
    case .remaking: speech.say(CoverEventText.remaking)
    case .recordingGone(let job): Console.say(CoverEventText.recordingGone(job))
    default: break
    }
  }

  /// Summary of the run.
  var message: String {
    tally.withLock { tally in
      var parts = ["\(tally.done) of \(counted(count, "job")) done"]
      if tally.failedCheck > 0 { parts.append("\(tally.failedCheck) of them failed their check") }
      if tally.open > 0 { parts.append("\(tally.open) still open") }
      if tally.failed > 0 { parts.append("\(tally.failed) failed") }
      return parts.joined(separator: ", ")
    }
  }

  /// Exit code; `nil` if there was no failure.
  var status: ExitStatus? {
    tally.withLock { tally in
      if tally.isKeyRefused { return .keyOrCredit }
      if tally.open > 0 { return .pending }
      return tally.failed + tally.failedCheck > 0 ? .rejected : nil
    }
  }
}
