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
    lines += stepLines(plan.steps).map { "  \($0.line)" }
    if let tags = plan.tags.flatMap(TagsText.text) { lines.append("  tags: \(tags)") }
    return lines.map(Console.printable)
  }

  /// Returns the changes to a recording before its cover is made; empty if the recording is kept unchanged.
  static func remarks(_ plan: Plan) -> [String] {
    stepLines(plan.steps).filter { $0.step.action != .keep }.map { Console.printable($0.line) }
      + (plan.tags.flatMap { TagsText.lost($0, derived: false) }.map {
        [Console.printable("tags: not carried over: \($0)")]
      } ?? [])
  }

  private static func stepLines(_ steps: [Plan.Step]) -> [(step: Plan.Step, line: String)] {
    zip(steps, StepText.texts(steps)).map { step, text in
      (step, "\(step.action.rawValue)\(step.lossless ? "" : " (lossy)"): \(text)")
    }
  }
}
