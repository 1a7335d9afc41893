import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import ReprisePreparation

/// The worker process of `validate --prepare-to` that prepares files; not for users.
struct PrepareWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: PrepareWorker.commandName, abstract: "Prepare files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // A signal to a worker is meant for that worker; the run continues with another one.
    signal(SIGTERM, SIG_DFL)
    try await PrepareWorker.run(
      rendering: PreparationRendering(facts: Self.facts) { path, failure in
        PreparationFailureText.line(failure, of: path)
      })
  }

  /// Returns the changes made to a recording, in the form used in records.
  @Sendable private static func facts(_ plan: Plan, _ prepared: PreparedAudio, isCopy: Bool) -> PreparedFacts {
    let steps =
      isCopy
      ? [
        PreparedFacts.Step(
          action: "copy",
          detail: "its own path holds bytes that are not UTF-8, or U+FFFD, which stands for them, so a manifest can't"
            + " hold it", lossless: true)
      ]
      : zip(plan.steps, StepText.texts(plan.steps)).map {
        PreparedFacts.Step(action: $0.action.rawValue, detail: $1, lossless: $0.lossless)
      }
    return PreparedFacts(
      steps: steps, start: plan.start, end: plan.end, format: prepared.format.rawValue, bytes: prepared.bytes,
      seconds: prepared.seconds, lossless: prepared.lossless, remark: PreparedText.remark(prepared),
      lost: plan.lost.map { PreparedFacts.Lost(start: $0.start, end: $0.end, what: StepText.text($0.cause)) },
      gain: plan.gain, tags: prepared.tags.map(PreparedTags.init))
  }

  /// Command line of this program as a worker.
  static var invocation: [String] { [ValidateWorkerCommand.program, PrepareWorker.commandName] }
}
