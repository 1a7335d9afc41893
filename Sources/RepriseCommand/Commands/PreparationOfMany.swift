import RepriseAudio
import RepriseSystem
import ReprisePreparation

/// The preparation of several files into one directory.
struct PreparationOfMany: Sendable {
  /// The outcome for one file.
  enum Outcome: Sendable {
    case planned(Plan)
    case prepared(Plan, PreparedAudio)
    case failed(String, any Error)
    /// The file was found in a directory and is neither named nor structured like audio.
    case other
  }

  let preparer: AudioPreparer
  let outputs: OutputNames
  let inputs: [String]
  let dryRun: Bool
  let replacing: Bool
  private let claims = OutputClaims()

  init(preparer: AudioPreparer, outputs: OutputNames, inputs: [String], dryRun: Bool, replacing: Bool) {
    (self.preparer, self.outputs, self.inputs) = (preparer, outputs, inputs)
    (self.dryRun, self.replacing) = (dryRun, replacing)
  }

  /// Prepares files concurrently and passes each outcome on in the order of the files.
  ///
  /// - Parameters:
  ///   - inputs: The files.
  ///   - width: The number of files in work at a time.
  ///   - finish: A closure called with each outcome.
  /// - Throws: Any error thrown by `finish`, or `CancellationError`.
  func each(of inputs: [InputPaths.Input], width: Int, then finish: (Outcome) throws -> Void) async throws {
    try await InOrder.each(of: inputs, width: width, work: { await outcome(of: $0) }, then: finish)
  }

  /// Returns the outcome for one file.
  func outcome(of input: InputPaths.Input) async -> Outcome {
    let path = input.path
    do {
      let (_, plan) = try await preparer.plan(for: path, purpose: dryRun ? .report : .execution)
      if dryRun { return .planned(plan) }
      let destination = outputs.destination(for: path, format: plan.format)
      try OutputGuard.check(destination, isNone: inputs)
      try claims.claim(destination, for: path)
      return .prepared(plan, try await ReprisePreparation.prepare(plan, to: destination, replacing: replacing) { _ in })
    } catch {
      if !input.isNamed, !AudioFileName.isAudio(path), await inspect(path: path, limits: preparer.limits).isOtherFile {
        return .other
      }
      return .failed(path, error)
    }
  }
}
