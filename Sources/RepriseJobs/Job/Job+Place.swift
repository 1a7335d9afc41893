internal import Foundation
internal import RepriseSystem

extension Job {
  /// Whether the file at the job's output is the cover that was fetched, by its content; of jobs of the first version, which
  /// kept no hash, by its name.
  public func isInPlace() async throws -> Bool {
    guard FileKind(at: output) == .file else { return false }
    guard let resultHash else { return true }
    return try await SHA256.hexOffPool(ofFileAt: output) == resultHash
  }

  /// Whether a file of the cover's length is at the job's output: enough where thousands are looked at.
  public var looksInPlace: Bool {
    guard let bytes, let size = try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int else {
      return FileKind(at: output) == .file
    }
    return size == bytes
  }
}
