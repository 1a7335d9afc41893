import Foundation
import RepriseJobs
import RepriseSystem
import RepriseVerification
import Synchronization

/// Says what became of several jobs that were gone on with, as each ends.
final class ResumptionView: Sendable {
  private let count: Int
  private let speech: OutputOptions
  private let tally = Mutex(ResumptionTally())

  init(count: Int, speech: OutputOptions) {
    self.count = count
    self.speech = speech
  }

  /// Notes one, and says it.
  ///
  /// - Throws: `CommandError` where stdout takes no more.
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
      let words = ErrorPresentation.sentence(error)
      Console.say("reprise: \(JobErrorText.names(job, error) ? "" : "job \(job.job): ")\(words)")
      if speech.json { try Console.data(try Console.json(JobRecord(job))) }
    }
  }

  /// Says what concerns more than one job.
  func show(_ event: CoverEvent) {
    switch event {
    case .remaking: speech.say(CoverEventText.remaking)
    case .recordingGone(let job): Console.say(CoverEventText.recordingGone(job))
    default: break
    }
  }

  /// The sum of it.
  var words: String {
    tally.withLock { tally in
      var parts = ["\(tally.done) of \(counted(count, "job")) done"]
      if tally.failedCheck > 0 { parts.append("\(tally.failedCheck) of them failed their check") }
      if tally.open > 0 { parts.append("\(tally.open) still open") }
      if tally.failed > 0 { parts.append("\(tally.failed) failed") }
      return parts.joined(separator: ", ")
    }
  }

  /// The exit code; nil where all is fine.
  var status: ExitStatus? {
    tally.withLock { tally in
      if tally.isKeyRefused { return .keyOrCredit }
      if tally.open > 0 { return .pending }
      return tally.failed + tally.failedCheck > 0 ? .rejected : nil
    }
  }
}
