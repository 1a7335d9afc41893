internal import Foundation
internal import GRDB
internal import Platform

extension Ledger {
  /// Whether there is a ledger at a path, or jobs that wait to be taken into one; nothing is made.
  public static func exists(at path: String) -> Bool {
    FileKind(at: path) != .nothing || FileKind(at: path + ".rescued") != .nothing
  }

  /// Takes jobs out of the ledger, and removes what was kept beside it for them.
  ///
  /// Which of them are still open is looked at in the same transaction, so that a job which another process has meanwhile
  /// sent is not lost.
  /// - Parameters:
  ///   - names: whole names, as `Job.job`; names that are not there are passed over.
  ///   - isForced: whether open jobs are forgotten too.
  /// - Returns: the jobs that are gone, and the open ones that were left, as they are on the disk.
  public func forget(_ names: [String], isForced: Bool) async throws(LedgerError) -> (forgotten: [Job], open: [Job]) {
    let (forgotten, open) = try await perform { database in
      var forgotten: [Job] = []
      var open: [Job] = []
      for name in names {
        guard let job = try JobRow.fetchOne(database, key: name)?.job else { continue }
        if job.state.isOpen && !isForced {
          open.append(job)
        } else {
          try JobRow.deleteOne(database, key: name)
          forgotten.append(job)
        }
      }
      return (forgotten, open)
    }
    for job in forgotten { removeFolder(of: job) }
    return (forgotten, open)
  }

  /// What a killed process leaves there is of no use without the row; what can't be removed does no harm.
  private func removeFolder(of job: Job) {
    // A name from a database that somebody has changed must not lead elsewhere.
    guard !job.job.isEmpty, !job.job.hasPrefix("."), !job.job.utf8.contains(UInt8(ascii: "/")) else { return }
    try? FileManager.default.removeItem(atPath: PathText.folder(of: path) + "/jobs/" + job.job)
  }
}
