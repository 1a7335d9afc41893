internal import Foundation
internal import RepriseSystem

extension Job {
  /// Returns `true` if the file at the job's output is the cover that was fetched, by its content.
  ///
  /// For a job of the first version, which has no hash, any file at the output counts.
  package func outputIsPresent() async throws -> Bool {
    guard FileKind(at: output) == .file else { return false }
    guard let resultHash else { return true }
    return try await SHA256.hexOffPool(ofFileAt: output) == resultHash
  }

  /// `true` if a file of the cover's length is at the job's output: sufficient for checks of thousands of files.
  package var outputSeemsPresent: Bool {
    guard let bytes, let size = try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int else {
      return FileKind(at: output) == .file
    }
    return size == bytes
  }
}
