import RepriseAudio
package import ReprisePreparation

/// The record `reprise.plan.v1`: one line of `prepare --dry-run --json`.
package struct PlanRecord: Encodable {
  /// One change.
  package struct Step: Encodable {
    package let action: String
    package let lossless: Bool
    package let detail: String

    package init(_ step: Plan.Step) {
      action = step.action.rawValue
      lossless = step.lossless
      detail = StepText.text(step.detail)
    }
  }

  package let schema = "reprise.plan.v1"
  package let path: String
  package let steps: [Step]
  package let start: Double
  package let end: Double
  package let format: String
  package let predictedBytes: Int
  package let lossless: Bool

  package init(_ plan: Plan) {
    path = plan.path
    steps = plan.steps.map(Step.init)
    start = plan.start
    end = plan.end
    format = plan.format.rawValue
    predictedBytes = plan.predictedBytes
    lossless = plan.lossless
  }
}
