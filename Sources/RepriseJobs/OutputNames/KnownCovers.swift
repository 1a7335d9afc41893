internal import Foundation
internal import RepriseSystem

/// The covers known to a ledger, to distinguish them from recordings at any path.
package struct KnownCovers: Sendable {
  private var files: Set<FileIdentity> = []
  /// The SHA-256 of results, by their length: most files need not be read.
  private var hashes: [Int: Set<String>] = [:]

  /// Creates an empty set of covers.
  package init() {}

  /// Creates the set of covers of jobs.
  package init(of jobs: [Job]) {
    for job in jobs {
      if let hash = job.resultHash, let bytes = job.bytes { hashes[bytes, default: []].insert(hash) }
      // If a job produced nothing, the file at its output is not its cover.
      if job.verdict != nil || job.resultHash != nil, let file = FileIdentity(at: job.output) { files.insert(file) }
    }
  }

  /// Returns `true` if a file is one of the covers, or a copy of one.
  ///
  /// - Throws: `DigestError`, `CancellationError`; a file that cannot be read is not a cover.
  package func contains(_ path: String) async throws -> Bool {
    if let file = FileIdentity(at: path), files.contains(file) { return true }
    guard !hashes.isEmpty, FileKind(at: path) == .file,
      let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int, let known = hashes[bytes]
    else { return false }
    do { return known.contains(try await SHA256.hexOffPool(ofFileAt: path)) } catch is FileError { return false }
  }
}
