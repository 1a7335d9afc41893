import RepriseAudio
import RepriseService
import Foundation
import RepriseSystem
import ReprisePreparation

/// From a path to audio that a service takes.
struct Preparer: Sendable {
  let options: PreparationOptions
  let limits: AudioLimits

  init(options: PreparationOptions, limits: AudioLimits) {
    self.options = options
    self.limits = limits
  }

  init(change: ChangeOptions, limits: AudioLimits, format: FileFormat? = nil) {
    var options = PreparationOptions()
    options.start = change.start?.seconds
    options.end = change.end?.seconds
    options.fadeIn = change.fadeIn
    options.fadeOut = change.fadeOut
    options.mayTrim = !change.noTrim
    options.passage = change.excerpt?.passage ?? .first
    options.trimsSilence = change.trimSilence
    options.silenceLevel = change.silenceLevel ?? options.silenceLevel
    options.format = format
    self.options = options
    self.limits = limits
  }

  /// Looks at a file and plans the least change that makes it fit.
  ///
  /// - Parameters:
  ///   - deep: decodes all of it first; damage inside a file that is kept as it is shows only so.
  ///   - progress: how far its samples are looked at, where the plan depends on them.
  /// - Throws: `Trouble` where it can't be used at all, `PreparationError` where no change makes it fit.
  func plan(
    for path: String, deep: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> (inspection: Inspection, plan: Plan) {
    let inspection = await inspect(path: path, limits: limits, deep: deep)
    try Task.checkCancellation()
    try Self.checkUsable(inspection)
    let survey = try await survey(inspection, limits: limits, options: options, progress: progress)
    return (inspection, try makePlan(for: inspection, limits: limits, options: options, survey: survey))
  }

  /// Carries a plan out; audio that is kept as it is stays where it is.
  ///
  /// - Parameter destination: where audio that is not kept goes, by its format.
  func prepare(
    _ plan: Plan, to destination: (FileFormat) -> String, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> PreparedAudio {
    if PlanText.keepsAll(plan) {
      return PreparedAudio(
        path: plan.path, bytes: plan.predictedBytes, format: plan.format, seconds: plan.end - plan.start)
    }
    return try await ReprisePreparation.prepare(
      plan, to: destination(plan.format), replacing: false, progress: progress)
  }

  /// The inspection of a file that is to be sent as it is.
  ///
  /// - Throws: `Trouble` where it does not fit.
  static func ready(_ path: String, for service: ServiceDescription) async throws -> Inspection {
    let inspection = await inspect(path: path, limits: service.audioLimits, deep: true)
    try Task.checkCancellation()
    try checkUsable(inspection)
    guard inspection.verdict == .ready else {
      throw Trouble(
        .badAudio, advice(for: inspection, limits: service.audioLimits), path: inspection.path)
    }
    return inspection
  }

  /// Why a file does not fit, and the command that makes it fit, with what that costs.
  private static func advice(for inspection: Inspection, limits: AudioLimits) -> String {
    let path = Console.printable(inspection.path)
    // The reasons' own advice, behind the semicolon, is for those who only look.
    let facts = inspection.reasons.map { $0.message.prefix { $0 != ";" } }.joined(separator: "; ")
    guard let plan = try? makePlan(for: inspection, limits: limits, options: PreparationOptions()) else {
      return "\(path): \(Console.printable(facts))"
    }
    let steps = plan.steps.map(\.action.rawValue).joined(separator: ", ")
    let loss = plan.lossless ? "no loss" : "with loss"
    return
      "\(path): \(Console.printable(facts)); try 'reprise prepare \(path)' (\(steps): \(plan.format.rawValue), \(loss))"
  }

  /// - Throws: `Trouble` where a file is rejected or can't be read.
  static func checkUsable(_ inspection: Inspection) throws(Trouble) {
    let status = InspectCommand.status(of: inspection)
    guard status != .fine else { return }
    throw Trouble(
      status == .rejected ? .badAudio : status, "\(Console.printable(inspection.path)): \(words(inspection))",
      path: inspection.path)
  }

  private static func words(_ inspection: Inspection) -> String {
    let reasons = inspection.reasons.map(\.message)
    return Console.printable(reasons.isEmpty ? "can't be used" : reasons.joined(separator: "; "))
  }
}
