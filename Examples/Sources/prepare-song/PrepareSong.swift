// Between the marks is what the README shows; scripts/check-examples holds the two to each other.
// README begin
import RepriseAudio
import ReprisePreparation

/// Makes a recording fit the service by the least change, and returns the new file's path.
func prepareSong(at path: String, as name: String) async throws -> String {
  let limits = AudioLimits()
  let inspection = await inspect(path: path, limits: limits)
  // Reads of the samples only what the plan depends on.
  let samples = try await survey(inspection, limits: limits)
  let plan = try makePlan(for: inspection, limits: limits, survey: samples)
  // The plan chooses the format, so it names the file.
  let output = "\(name).\(plan.format.rawValue)"
  let ready = try await prepare(plan, to: output) { share in print(share) }
  return ready.path
}
// README end
