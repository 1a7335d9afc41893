import RepriseService
import Foundation
import RepriseJobs
import Synchronization

/// How far a cover is, from the look at its recording to the check of its file.
enum CoverStage: Sendable {
  /// The recording's samples are looked at: the share that is done.
  case surveying(Double)
  /// What fits is made of it: the share that is done.
  case preparing(Double)
  /// The job runs.
  case job(JobRunner.Progress)

  /// The stage in a word or two; nil for what only goes wrong within one.
  var word: String? {
    switch self {
    case .surveying: "survey"
    case .preparing: "prepare"
    case .job(.verifying): "verify"
    case .job(.askingLog): "ask the service's log"
    case .job(.service(.uploading)): "upload"
    case .job(.service(.pending(let status, _))): status == .queued ? "queued" : "generating"
    case .job(.service(.troubled)), .job(.service(.remark)): nil
    case .job(.service(.downloading)): "download"
    }
  }

  /// How much of the stage is done, 0…1; nil where nobody can tell.
  var share: Double? {
    switch self {
    case .surveying(let share), .preparing(let share): share
    case .job(.service(.uploading(let sent, let total))): Self.share(sent, of: total)
    case .job(.service(.pending(_, let share))): share
    case .job(.service(.downloading(let received, let total))): total.map { Self.share(received, of: $0) }
    case .job(.verifying), .job(.askingLog), .job(.service(.troubled)), .job(.service(.remark)): nil
    }
  }

  /// How much of the whole cover is done, 0…1, by what stages usually take; nil for what only goes wrong within one.
  var wholeShare: Double? {
    let (begin, end) =
      switch self {
      case .surveying: (0.0, 0.02)
      case .preparing: (0.02, 0.05)
      case .job(.service(.uploading)): (0.05, 0.15)
      case .job(.askingLog): (0.15, 0.15)
      case .job(.service(.pending)): (0.15, 0.9)
      case .job(.service(.downloading)): (0.9, 0.97)
      case .job(.verifying): (0.97, 1.0)
      case .job(.service(.troubled)), .job(.service(.remark)): (-1.0, -1.0)
      }
    return begin < 0 ? nil : begin + (end - begin) * min(1, max(0, share ?? 0))
  }

  /// A sentence of what a service says beside a status that means waiting; nil for every other stage.
  var remark: String? {
    guard case .job(.service(let progress)) = self, case .remark(let status, let said) = progress else { return nil }
    return "the service says '\(status)': \(said); still waiting"
  }

  private static func share(_ part: Int, of whole: Int) -> Double { whole <= 0 ? 1 : Double(part) / Double(whole) }
}

/// Shows one cover's progress in words and bars.
final class CoverProgressView: Sendable {
  private let progress: Progress
  /// The most that was told of the generation: services that guess go back and forth.
  private let generated = Mutex<Double?>(nil)

  init(quiet: Bool) { progress = Progress(quiet: quiet) }

  func show(_ stage: CoverStage) {
    guard let word = stage.word else {
      switch stage {
      case .job(.service(.troubled(let error, let pause))):
        progress.interject(["reprise: \(Words.sentence(error)); trying again \(PauseText.untilNext(pause))"])
      default:
        if let remark = stage.remark { progress.interject(["reprise: \(remark)"]) }
      }
      return
    }
    switch stage {
    case .surveying, .preparing: progress.report(word, share: stage.share)
    case .job(.verifying), .job(.askingLog), .job(.service(.troubled)), .job(.service(.remark)): progress.report(word)
    case .job(.service(.uploading(_, let total))):
      progress.report(word, share: stage.share, detail: Console.size(total))
    case .job(.service(.pending)): progress.report(word, share: known(stage.share), isTimed: true)
    case .job(.service(.downloading(let received, _))):
      progress.report(
        word, share: stage.share, detail: Console.isTerminal ? Console.size(received) : "")
    }
  }

  private func known(_ share: Double?) -> Double? {
    generated.withLock { most in
      if let share { most = max(most ?? 0, share) }
      return most
    }
  }

  /// Remarks of the engine, between two stages.
  func note(_ notes: [String]) {
    progress.interject(notes.map { "  " + Console.printable($0) })
  }

  /// A sentence between two stages.
  func say(_ line: String) { progress.interject([line]) }

  func finish() { progress.finish() }
}
