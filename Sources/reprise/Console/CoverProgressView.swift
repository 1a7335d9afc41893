import CoverService
import Foundation
import Jobs

/// Shows a run's progress in words and bars.
struct CoverProgressView: Sendable {
  private let progress: Progress
  private let begun = ContinuousClock().now

  init(quiet: Bool) { progress = Progress(quiet: quiet) }

  func surveying(_ share: Double) { progress.report("survey", share: share) }

  func preparing(_ share: Double) { progress.report("prepare", share: share) }

  func report(_ event: JobRunner.Progress) {
    switch event {
    case .verifying: progress.report("verify")
    case .askingLog: progress.report("ask the service's log")
    case .service(.uploading(let sent, let total)):
      progress.report("upload", share: share(sent, of: total), detail: Console.size(total))
    case .service(.pending(let status)):
      let stage = status == .queued ? "queued" : "generating"
      progress.report(stage, detail: Console.isTerminal ? elapsed : "")
    case .service(.remark(let status, let said)):
      progress.interject(["reprise: the service says '\(status)': \(said); still waiting"])
    case .service(.troubled(let error, let pause)):
      progress.interject(["reprise: \(error.message); trying again in \(pause.components.seconds) s"])
    case .service(.downloading(let received, let total)):
      progress.report(
        "download", share: total.map { share(received, of: $0) },
        detail: Console.isTerminal ? Console.size(received) : "")
    }
  }

  /// Remarks of the engine, between two stages.
  func note(_ notes: [String]) {
    progress.interject(notes.map { "  " + Console.printable($0) })
  }

  func finish() { progress.finish() }

  private func share(_ part: Int, of whole: Int) -> Double { whole <= 0 ? 1 : Double(part) / Double(whole) }

  private var elapsed: String { "\(begun.duration(to: ContinuousClock().now).components.seconds) s" }
}
