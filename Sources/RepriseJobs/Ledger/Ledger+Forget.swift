internal import GRDB
internal import RepriseSystem

extension Ledger {
  /// Returns `true` if there is a ledger at a path, or jobs that wait to be imported into one; creates nothing.
  package static func exists(at path: String) -> Bool {
    FileKind(at: path) != .nothing || FileKind(at: path + ".rescued") != .nothing
  }

  /// The outcome of removing jobs, with each job as it was on the disk.
  package struct Forgotten: Sendable {
    /// Removed jobs, whose files beside the ledger are removed too.
    package var gone: [Job] = []
    /// Jobs kept because they are open.
    package var open: [Job] = []
    /// Jobs kept because another process is at work on them.
    package var busy: [Job] = []
  }

  /// Removes jobs from the ledger, with their files beside it; covers stay.
  ///
  /// Each job is claimed meanwhile, and checked in the same transaction, so that a job resumed by another process is
  /// not lost.
  ///
  /// - Parameters:
  ///   - names: Whole names, as in `Job.job`; unknown names are ignored.
  ///   - isForced: `true` to remove open jobs too.
  /// - Returns: The jobs, by outcome.
  /// - Throws: `LedgerError`.
  package func forget(_ names: [String], isForced: Bool) async throws(LedgerError) -> Forgotten {
    var result = Forgotten()
    for name in names {
      let isKnown = try await perform { try JobRow.fetchOne($0, key: name) != nil }
      guard isKnown else { continue }
      // A name in a database that was tampered with must not lead to another directory.
      let isPlain = !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains(UInt8(ascii: "/"))
      let directory = JobDirectory(of: name, ledger: path)
      // Only a job's holder needs its directory; if the directory cannot be created no process is at work in it.
      let claim = isPlain ? Result { try JobClaim.take(directory) } : .success(nil)
      let isBusy = if isPlain, case .success(nil) = claim { true } else { false }
      let outcome = try await perform { database -> (job: Job, isGone: Bool)? in
        guard let job = try JobRow.fetchOne(database, key: name)?.job else { return nil }
        if isBusy || job.state.isOpen && !isForced { return (job, false) }
        try JobRow.deleteOne(database, key: name)
        return (job, true)
      }
      if let outcome {
        if outcome.isGone {
          result.gone.append(outcome.job)
          if isPlain { directory.remove() }
        } else if isBusy {
          result.busy.append(outcome.job)
        } else {
          result.open.append(outcome.job)
        }
      }
      withExtendedLifetime(claim) {}
    }
    return result
  }
}
