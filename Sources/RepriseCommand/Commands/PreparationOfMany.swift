import RepriseAudio
import RepriseSystem
import ReprisePreparation

/// Several files on their way into one folder.
struct PreparationOfMany: Sendable {
  /// What became of one of them.
  enum Outcome: Sendable {
    case planned(Plan)
    case prepared(Plan, PreparedAudio)
    case failed(String, because: String)
    /// It was come upon in a folder and is neither named nor shaped like audio.
    case other
  }

  let preparer: AudioPreparer
  let outputs: OutputNames
  let inputs: [String]
  let dryRun: Bool
  let replacing: Bool

  func outcome(of input: InputPaths.Input) async -> Outcome {
    let path = input.path
    do {
      let (_, plan) = try await preparer.plan(for: path)
      if dryRun { return .planned(plan) }
      let destination = outputs.destination(for: path, format: plan.format)
      try OutputGuard.check(destination, isNone: inputs)
      return .prepared(plan, try await ReprisePreparation.prepare(plan, to: destination, replacing: replacing) { _ in })
    } catch {
      if !input.isNamed, !AudioFileName.isAudio(path), await inspect(path: path, limits: preparer.limits).isOtherFile {
        return .other
      }
      let name = Console.printable(path)
      let words = Words.sentence(error)
      return .failed(path, because: words.contains(name) ? words : "\(name): \(words)")
    }
  }
}
