import Foundation
import RepriseJobs
import RepriseSystem
import Synchronization
import RepriseVerification

/// Counts what became of several jobs that were gone on with, and says each as it ends.
final class ResumeTally: Sendable {
  enum Outcome: Sendable {
    case finished(CoverDesk.Finished)
    case failed(Job, any Error)
  }

  private struct Counts {
    var done = 0
    var failedCheck = 0
    var open = 0
    var failed = 0
    var isKeyRefused = false
  }

  private let count: Int
  private let speech: OutputOptions
  private let counts = Mutex(Counts())

  init(count: Int, speech: OutputOptions) {
    self.count = count
    self.speech = speech
  }

  /// Notes one, and says it.
  ///
  /// - Throws: `Trouble` where stdout takes no more.
  func add(_ outcome: Outcome) throws {
    switch outcome {
    case .finished(let finished):
      let (job, report) = (finished.job, finished.report)
      counts.withLock {
        $0.done += 1
        if report?.verdict == .fail { $0.failedCheck += 1 }
      }
      let remark = finished.remark.map { " (\($0))" } ?? ""
      speech.say(
        "\(job.job): \(Console.printable(job.output)), \(report?.verdict.rawValue ?? job.state.rawValue)\(remark)")
      try Console.data(speech.json ? try Console.json(JobRecord(job)) : job.output)
    case .failed(let job, let error):
      let status = Words.of(error)?.status
      counts.withLock {
        if job.state.isOpen { $0.open += 1 } else { $0.failed += 1 }
        if status == .keyOrCredit { $0.isKeyRefused = true }
      }
      let words = Words.sentence(error)
      Console.say("reprise: \(words.contains(job.job) ? "" : "job \(job.job): ")\(words)")
      if speech.json { try Console.data(try Console.json(JobRecord(job))) }
    }
  }

  /// The sum of it.
  var words: String {
    counts.withLock { counts in
      var parts = ["\(counts.done) of \(counted(count, "job")) done"]
      if counts.failedCheck > 0 { parts.append("\(counts.failedCheck) of them failed their check") }
      if counts.open > 0 { parts.append("\(counts.open) still open") }
      if counts.failed > 0 { parts.append("\(counts.failed) failed") }
      return parts.joined(separator: ", ")
    }
  }

  /// The exit code; nil where all is fine.
  var status: ExitStatus? {
    counts.withLock { counts in
      if counts.isKeyRefused { return .keyOrCredit }
      if counts.open > 0 { return .pending }
      return counts.failed + counts.failedCheck > 0 ? .rejected : nil
    }
  }
}
