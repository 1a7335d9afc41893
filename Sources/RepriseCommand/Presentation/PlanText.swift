import RepriseAudio
import Foundation
import ReprisePreparation

/// A plan as people read it.
enum PlanText {
  /// The whole plan.
  static func lines(_ plan: Plan) -> [String] {
    let loss = plan.lossless ? "no loss" : "with loss"
    var lines = [
      "\(plan.path): \(plan.format.rawValue), \(TimeText.text(plan.start))-\(TimeText.text(plan.end)), about"
        + " \(Console.size(plan.predictedBytes)), \(loss)"
    ]
    for step in plan.steps {
      lines.append("  \(step.action.rawValue)\(step.lossless ? "" : " (lossy)"): \(StepText.text(step.detail))")
    }
    return lines.map(Console.printable)
  }

  /// What is done to a recording on the way to a cover; nothing where it is kept.
  static func remarks(_ plan: Plan) -> [String] {
    plan.steps.filter { $0.action != .keep }
      .map { Console.printable("\($0.action.rawValue)\($0.lossless ? "" : " (lossy)"): \(StepText.text($0.detail))") }
  }
}
