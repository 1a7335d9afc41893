import RepriseAudio
import RepriseSystem
import ReprisePreparation

/// Several files on their way into one folder.
struct PreparationOfMany: Sendable {
  /// What became of one of them.
  enum Outcome: Sendable {
    case planned(Plan)
    case prepared(Plan, PreparedAudio)
    case failed(String, any Error)
    /// It was come upon in a folder and is neither named nor shaped like audio.
    case other
  }

  let preparer: AudioPreparer
  let outputs: OutputNames
  let inputs: [String]
  let dryRun: Bool
  let replacing: Bool

  /// Prepares files side by side, and hands on what became of each in the order in which they came.
  ///
  /// - Parameters:
  ///   - inputs: the files.
  ///   - width: how many at once.
  ///   - finish: given each outcome.
  /// - Throws: what `finish` throws, or `CancellationError`.
  func each(of inputs: [InputPaths.Input], width: Int, then finish: (Outcome) throws -> Void) async throws {
    try await InOrder.each(of: inputs, width: width, work: { await outcome(of: $0) }, then: finish)
  }

  /// What became of one file.
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
      return .failed(path, error)
    }
  }
}
