import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import ReprisePreparation

/// The process that `validate --prepare-to` has files prepared by; not for people.
struct PrepareWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: PrepareWorker.commandName, abstract: "Prepare files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // Whoever ends a worker means it; the run goes on with another.
    signal(SIGTERM, SIG_DFL)
    try await PrepareWorker.run(
      rendering: PreparationRendering(facts: Self.facts) { path, failure in
        PreparationFailureText.line(failure, of: path)
      })
  }

  /// What was done to a recording, as records tell it.
  @Sendable private static func facts(_ plan: Plan, _ prepared: PreparedAudio, isCopy: Bool) -> PreparedFacts {
    let steps =
      isCopy
      ? [
        PreparedFacts.Step(
          action: "copy", detail: "its own name is not UTF-8, so a manifest can't hold it", lossless: true)
      ]
      : plan.steps.map {
        PreparedFacts.Step(action: $0.action.rawValue, detail: StepText.text($0.detail), lossless: $0.lossless)
      }
    return PreparedFacts(
      steps: steps, start: plan.start, end: plan.end, format: prepared.format.rawValue, bytes: prepared.bytes,
      seconds: prepared.seconds, lossless: prepared.lossless, remark: PreparedText.remark(prepared))
  }

  /// This program as a worker.
  static var invocation: [String] { [ValidateWorkerCommand.program, PrepareWorker.commandName] }
}
