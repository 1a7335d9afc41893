import RepriseAudio
package import RepriseLibrary
package import ReprisePreparation

/// The record `reprise.plan.v1`: one line of `prepare --dry-run --json`.
package struct PlanRecord: Encodable {
  /// One change.
  package struct Step: Encodable {
    package let action: String
    package let lossless: Bool
    package let detail: String

    package init(_ step: Plan.Step, detail: String) {
      action = step.action.rawValue
      lossless = step.lossless
      self.detail = detail
    }

    /// Returns the records of a plan's steps.
    static func all(_ steps: [Plan.Step]) -> [Step] { zip(steps, StepText.texts(steps)).map { Step($0, detail: $1) } }
  }

  /// A stretch inside the part that the result leaves out.
  package struct Lost: Encodable {
    package let start: Double
    package let end: Double
    package let what: String

    package init(_ stretch: LostStretch) {
      start = stretch.start
      end = stretch.end
      what = StepText.text(stretch.cause)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, path, steps, start, end, format, predictedBytes, lossless, lost, gain, tags
  }

  package let schema = "reprise.plan.v1"
  package let path: String
  package let steps: [Step]
  package let start: Double
  package let end: Double
  package let format: String
  package let predictedBytes: Int
  package let lossless: Bool
  package let lost: [Lost]
  /// Change of the level in dB; `nil` for none.
  package let gain: Double?
  /// Tags of the result; `nil` if the recording has none, or its own stay as they are.
  package let tags: PreparedTags?

  package init(_ plan: Plan) {
    path = plan.path
    steps = Step.all(plan.steps)
    start = plan.start
    end = plan.end
    format = plan.format.rawValue
    predictedBytes = plan.predictedBytes
    lossless = plan.lossless
    lost = plan.lost.map(Lost.init)
    gain = plan.gain
    tags = plan.tags.map(PreparedTags.init)
  }

  /// Encodes every field, `null` for `nil`.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(schema, forKey: .schema)
    try fields.encode(path, forKey: .path)
    try fields.encode(steps, forKey: .steps)
    try fields.encode(start, forKey: .start)
    try fields.encode(end, forKey: .end)
    try fields.encode(format, forKey: .format)
    try fields.encode(predictedBytes, forKey: .predictedBytes)
    try fields.encode(lossless, forKey: .lossless)
    try fields.encode(lost, forKey: .lost)
    try fields.encode(gain, forKey: .gain)
    try fields.encode(tags, forKey: .tags)
  }
}
