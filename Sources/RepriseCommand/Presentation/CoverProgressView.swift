import RepriseService
import Foundation
import RepriseJobs
import Synchronization

extension CoverEvent {
  /// Short name of the stage; `nil` for events within a stage.
  var word: String? {
    switch self {
    case .surveying: "survey"
    case .preparing: "prepare"
    case .verifying: "verify"
    case .askingLog: "ask the service's log"
    case .uploading: "upload"
    case .waiting(let status, _): status == .queued ? "queued" : "generating"
    case .downloading: "download"
    case .prepared, .begun, .met, .waitingForOther, .said, .retrying, .recordingGone, .noted, .remaking: nil
    }
  }

  /// Completed share of the stage, 0…1; `nil` if unknown.
  var share: Double? {
    switch self {
    case .surveying(let share), .preparing(let share): share
    case .uploading(let sent, let total): Self.share(sent, of: total)
    case .waiting(_, let share): share
    case .downloading(let received, let total): total.map { Self.share(received, of: $0) }
    case .verifying, .askingLog, .prepared, .begun, .met, .waitingForOther, .said, .retrying, .recordingGone, .noted,
      .remaking:
      nil
    }
  }

  /// Completed share of the whole cover, 0…1, from the usual durations of the stages; `nil` for events within a stage.
  var wholeShare: Double? {
    let (begin, end) =
      switch self {
      case .surveying: (0.0, 0.02)
      case .preparing: (0.02, 0.05)
      case .uploading: (0.05, 0.15)
      case .askingLog: (0.15, 0.15)
      case .waiting: (0.15, 0.9)
      case .downloading: (0.9, 0.97)
      case .verifying: (0.97, 1.0)
      case .prepared, .begun, .met, .waitingForOther, .said, .retrying, .recordingGone, .noted, .remaking: (-1.0, -1.0)
      }
    return begin < 0 ? nil : begin + (end - begin) * min(1, max(0, share ?? 0))
  }

  private static func share(_ part: Int, of whole: Int) -> Double { whole <= 0 ? 1 : Double(part) / Double(whole) }
}

/// A view of one cover's progress as messages and bars.
final class CoverProgressView: Sendable {
  private let progress: Progress
  /// Greatest share of the generation reported so far, as services that estimate may go backwards.
  private let generated = Mutex<Double?>(nil)

  init(quiet: Bool) { progress = Progress(quiet: quiet) }

  /// Draws the stage that an event starts or continues; events within a stage are left to other code.
  func show(_ event: CoverEvent) {
    guard let word = event.word else {
      switch event {
      case .retrying(let error, let pause):
        progress.interject(["reprise: \(ErrorPresentation.sentence(error)); trying again \(PauseText.untilNext(pause))"]
        )
      case .said(let status, let text): progress.interject(["reprise: \(CoverEventText.said(status, text))"])
      default: break
      }
      return
    }
    switch event {
    case .uploading(_, let total): progress.report(word, share: event.share, detail: Console.size(total))
    case .waiting: progress.report(word, share: known(event.share), isTimed: true)
    case .downloading(let received, _):
      progress.report(word, share: event.share, detail: Console.isTerminal ? Console.size(received) : "")
    default: progress.report(word, share: event.share)
    }
  }

  private func known(_ share: Double?) -> Double? {
    generated.withLock { most in
      if let share { most = max(most ?? 0, share) }
      return most
    }
  }

  /// Shows notes of the engine between two stages.
  func note(_ notes: [String]) {
    progress.interject(notes.map { "  " + Console.printable($0) })
  }

  /// Shows a sentence between two stages.
  func say(_ line: String) { progress.interject([line]) }

  func finish() { progress.finish() }
}
