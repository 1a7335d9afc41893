internal import Foundation
internal import RepriseSystem

/// The covers that a ledger knows of, to tell them from recordings wherever they are.
public struct KnownCovers: Sendable {
  private var files: Set<FileIdentity> = []
  /// The SHA-256 of results, by their length: most files need not be read.
  private var hashes: [Int: Set<String>] = [:]

  /// No covers.
  public init() {}

  /// The covers of these jobs.
  public init(of jobs: [Job]) {
    for job in jobs {
      if let hash = job.resultHash, let bytes = job.bytes { hashes[bytes, default: []].insert(hash) }
      // Of a job that came to nothing, the file at its output is another's.
      if job.verdict != nil || job.resultHash != nil, let file = FileIdentity(at: job.output) { files.insert(file) }
    }
  }

  /// Whether a file is one of them, or a copy of one.
  ///
  /// - Throws: `DigestError`, `CancellationError`; a file that can't be read is none.
  public func contains(_ path: String) async throws -> Bool {
    if let file = FileIdentity(at: path), files.contains(file) { return true }
    guard !hashes.isEmpty, FileKind(at: path) == .file,
      let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int, let known = hashes[bytes]
    else { return false }
    do { return known.contains(try await SHA256.hexOffPool(ofFileAt: path)) } catch is FileError { return false }
  }
}
