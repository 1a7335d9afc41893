import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem
import ReprisePreparation

/// The process that `validate --prepare-to` has files prepared by; not for people.
struct PrepareWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare-worker", abstract: "Prepare files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // Whoever ends a worker means it; the run goes on with another.
    signal(SIGTERM, SIG_DFL)
    guard let loop = WorkerLoop(greeting: PrepareGreeting.bytes) else { return }
    let opening = try await offPool("reprise next") { _ in loop.next() }
    let preparer = try JSONDecoder().decode(PreparationTerms.self, from: Data(opening)).preparer
    while true {
      let bytes = try await offPool("reprise next") { _ in loop.next() }
      let request = try JSONDecoder().decode(PrepareRequest.self, from: Data(bytes))
      let answer = await Self.answer(request, preparer)
      guard loop.answer([UInt8](try JSONEncoder().encode(answer))) else { return }
    }
  }

  private static func answer(_ request: PrepareRequest, _ preparer: Preparer) async -> PrepareAnswer {
    let path = RawPath([UInt8](request.source))
    var answer = PrepareAnswer()
    var alias = path.text
    do {
      if path.isText {
        answer.made = try await made(request, alias, preparer)
      } else {
        // No text leads to it, so it is read under the name of its descriptor.
        let file = try RawFile(path)
        alias = file.alias
        answer.made = try await made(request, alias, preparer)
      }
    } catch {
      let (kind, words) = failure(error)
      let shown = Console.printable(path.text)
      let told = words.replacingOccurrences(of: request.staged, with: Console.printable(request.shown))
        .replacingOccurrences(of: path.isText ? shown : alias, with: shown)
      answer.failure = kind
      answer.words = told.contains(shown) || kind == .full ? told : "\(shown): \(told)"
    }
    return answer
  }

  private static func made(
    _ request: PrepareRequest, _ path: String, _ preparer: Preparer
  ) async throws -> PrepareAnswer.Made? {
    let (_, plan) = try await preparer.plan(for: path)
    var steps = plan.steps.map {
      PreparedFacts.Step(action: $0.action.rawValue, detail: StepText.text($0.detail), lossless: $0.lossless)
    }
    let output = "\(request.staged).\(plan.format.rawValue)"
    let prepared: PreparedAudio
    if request.taken.contains(plan.format.rawValue), request.copies || !PlanText.keepsAll(plan) {
      throw FileError(.exists, path: "\(request.shown).\(plan.format.rawValue)")
    }
    if PlanText.keepsAll(plan) {
      guard request.copies else { return nil }
      let bytes = try await offPool("reprise copy") {
        try FileCopy.copy(path, to: output, replacing: true, cancellation: $0)
      }
      prepared = PreparedAudio(path: output, bytes: bytes, format: plan.format, seconds: plan.end - plan.start)
      steps = [
        PreparedFacts.Step(
          action: "copy", detail: "its own name is not UTF-8, so a manifest can't hold it", lossless: true)
      ]
    } else {
      prepared = try await ReprisePreparation.prepare(plan, to: output, replacing: true)
    }
    let digest = try await offPool("reprise hash") { _ in try RawFile(RawPath(prepared.path)).digest(of: nil) }
    return PrepareAnswer.Made(
      path: prepared.path, digest: Data(digest),
      facts: PreparedFacts(
        steps: steps, start: plan.start, end: plan.end, format: prepared.format.rawValue, bytes: prepared.bytes,
        seconds: prepared.seconds, lossless: prepared.lossless, remark: PreparedText.remark(prepared)))
  }

  private static func failure(_ error: any Error) -> (PrepareAnswer.Failure, String) {
    let words = Words.sentence(error)
    switch error {
    case let error as FileError where error.isOutOfRoom: return (.full, words)
    case let error as FileError where error.code == .exists:
      return (
        .trouble,
        "\(error.path) stands there and is not as an earlier run made it; move it away, or replace it with --force"
      )
    case let error as AudioFileError where error.code == .diskFull: return (.full, words)
    // A part or a fade that one file has no room for is that file's matter, and no usage that was wrong for all.
    default:
      let status = Words.of(error)?.status
      return (status == .badAudio || status == .usage ? .audio : .trouble, words)
    }
  }

  /// This program as a worker.
  static var invocation: [String] { [ValidateWorkerCommand.program, "prepare-worker"] }
}
