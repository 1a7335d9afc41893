import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService

/// What to say of recordings that can't be used, or not as they are.
enum RecordingAdvice {
  /// The exit code and the sentence of a recording that can't be used.
  static func of(_ inspection: Inspection) -> (status: ExitStatus, words: String) {
    let status = InspectCommand.status(of: inspection)
    return (
      status == .rejected || status == .fine ? .badAudio : status,
      "\(Console.printable(inspection.path)): \(words(inspection))"
    )
  }

  /// The inspection of a file that is to be sent as it is.
  ///
  /// - Throws: `UnusableRecording`, or `CommandError` where it does not fit.
  static func ready(_ path: String, for service: ServiceDescription) async throws -> Inspection {
    let inspection = await inspect(path: path, limits: service.audioLimits, deep: true)
    try Task.checkCancellation()
    try UnusableRecording.check(inspection)
    guard inspection.verdict == .ready else {
      throw CommandError(.badAudio, advice(for: inspection, limits: service.audioLimits), path: inspection.path)
    }
    return inspection
  }

  /// Why a file does not fit, and the command that makes it fit, with what that costs.
  private static func advice(for inspection: Inspection, limits: AudioLimits) -> String {
    let path = Console.printable(inspection.path)
    // The findings' own advice is for those who only look.
    let facts = inspection.factsText
    guard let plan = try? makePlan(for: inspection, limits: limits, options: PreparationOptions()) else {
      return "\(path): \(Console.printable(facts))"
    }
    let steps = plan.steps.map(\.action.rawValue).joined(separator: ", ")
    let loss = plan.lossless ? "no loss" : "with loss"
    return
      "\(path): \(Console.printable(facts)); try 'reprise prepare \(path)' (\(steps): \(plan.format.rawValue), \(loss))"
  }

  private static func words(_ inspection: Inspection) -> String {
    let reasons = inspection.reasonsText
    return Console.printable(reasons.isEmpty ? "can't be used" : reasons)
  }
}
