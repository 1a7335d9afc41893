import RepriseAudio
import RepriseLibrary
import ReprisePreparation

/// The record `reprise.prepared.v1`: one line of `prepare --json` for every input, whatever its outcome.
struct PreparationRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, path, output, steps, start, end, format, bytes, seconds, lossless, lost, gain, tags, remark, error
  }

  private let path: String
  private let made: (plan: Plan, audio: PreparedAudio)?
  private let error: String?

  init(_ plan: Plan, _ prepared: PreparedAudio) {
    path = plan.path
    made = (plan, prepared)
    error = nil
  }

  init(failed path: String, because message: String) {
    self.path = path
    made = nil
    error = message
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.prepared.v1", forKey: .schema)
    try fields.encode(path, forKey: .path)
    try fields.encode(made?.audio.path, forKey: .output)
    try fields.encode((made?.plan.steps).map(PlanRecord.Step.all) ?? [], forKey: .steps)
    try fields.encode(made?.plan.start, forKey: .start)
    try fields.encode(made?.plan.end, forKey: .end)
    try fields.encode(made?.audio.format, forKey: .format)
    try fields.encode(made?.audio.bytes, forKey: .bytes)
    try fields.encode(made?.audio.seconds, forKey: .seconds)
    try fields.encode(made?.audio.lossless, forKey: .lossless)
    try fields.encode(made?.plan.lost.map(PlanRecord.Lost.init) ?? [], forKey: .lost)
    try fields.encode(made?.plan.gain, forKey: .gain)
    try fields.encode(made.flatMap { $0.audio.tags.map(PreparedTags.init) }, forKey: .tags)
    try fields.encode(made.flatMap { PreparedText.remark($0.audio) }, forKey: .remark)
    try fields.encode(error, forKey: .error)
  }
}
