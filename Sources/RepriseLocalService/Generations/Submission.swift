internal import RepriseService

/// A request that passed every check.
struct Submission: Sendable {
  var model: String
  var prompt: String
  var lyrics: String?
  var reference: Reference
  var setting: Contract.AudioSetting
}
