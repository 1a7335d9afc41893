// Between the marks is what the README shows; scripts/check-examples holds the two to each other.
// README begin
import Reprise

/// Makes a recording fit the service by the least change.
func prepareSong(_ song: FilePath, named name: String) async throws(AudioPreparerError) -> PreparedAudio {
  let preparer = AudioPreparer()
  let plan = try await preparer.plan(song)
  // The plan chooses the format, so it names the file.
  return try await preparer.prepare(plan, to: FilePath("\(name).\(plan.format.rawValue)")) { share in print(share) }
}
// README end
