import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService

/// Advice on recordings that cannot be used, or not unchanged.
enum RecordingAdvice {
  /// Returns the exit code and the sentence for a recording that cannot be used.
  static func of(_ inspection: Inspection) -> (status: ExitStatus, message: String) {
    let status = InspectCommand.status(of: inspection)
    return (
      status == .rejected || status == .fine ? .badAudio : status,
      "\(inspection.path.isEmpty ? "''" : Console.printable(inspection.path)): \(message(inspection))"
    )
  }

  /// Inspects a file that is to be sent unchanged.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - service: The description of the service.
  /// - Returns: The inspection.
  /// - Throws: `UnusableRecording`, or `CommandError` if the file does not fit.
  static func ready(_ path: String, for service: ServiceDescription) async throws -> Inspection {
    let inspection = await inspect(path: path, limits: service.audioLimits, deep: true)
    try Task.checkCancellation()
    try UnusableRecording.check(inspection)
    guard inspection.verdict == .ready else {
      throw CommandError(.badAudio, advice(for: inspection, limits: service.audioLimits), path: inspection.path)
    }
    return inspection
  }

  /// Returns the reason for which a file does not fit, and the command that makes it fit, with the losses involved.
  private static func advice(for inspection: Inspection, limits: AudioLimits) -> String {
    let path = Console.printable(inspection.path)
    // The findings' own advice is for commands that only inspect.
    let facts = inspection.factsText
    guard let plan = try? makePlan(for: inspection, limits: limits, options: PreparationOptions()) else {
      return "\(path): \(Console.printable(facts))"
    }
    let steps = plan.steps.map(\.action.rawValue).joined(separator: ", ")
    let loss = plan.lossless ? "no loss" : "with loss"
    return
      "\(path): \(Console.printable(facts)); try 'reprise prepare \(path)' (\(steps): \(plan.format.rawValue), \(loss))"
  }

  private static func message(_ inspection: Inspection) -> String {
    let reasons = Inspection.rejectionText(inspection.reasons, path: inspection.path)
    let advice = SalvageAdvice.text(inspection).map { "; \($0)" } ?? ""
    return Console.printable(reasons.isEmpty ? "can't be used" : reasons + advice)
  }
}
