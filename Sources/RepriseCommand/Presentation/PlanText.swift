import RepriseAudio
import Foundation
import ReprisePreparation

/// The text of a plan.
enum PlanText {
  /// Returns lines for the complete plan.
  static func lines(_ plan: Plan) -> [String] {
    let loss = plan.lossless ? "no loss" : "with loss"
    var lines = [
      "\(plan.path): \(plan.format.rawValue), \(TimeText.text(plan.start))-\(TimeText.text(plan.end)), about"
        + " \(Console.size(plan.predictedBytes)), \(loss)"
    ]
    for step in plan.steps {
      lines.append("  \(step.action.rawValue)\(step.lossless ? "" : " (lossy)"): \(StepText.text(step.detail))")
    }
    if let tags = plan.tags.flatMap(TagsText.text) { lines.append("  tags: \(tags)") }
    return lines.map(Console.printable)
  }

  /// Returns the changes to a recording before its cover is made; empty if the recording is kept unchanged.
  static func remarks(_ plan: Plan) -> [String] {
    plan.steps.filter { $0.action != .keep }
      .map { Console.printable("\($0.action.rawValue)\($0.lossless ? "" : " (lossy)"): \(StepText.text($0.detail))") }
      + (plan.tags.flatMap { TagsText.lost($0, derived: false) }.map {
        [Console.printable("tags: not carried over: \($0)")]
      } ?? [])
  }
}
