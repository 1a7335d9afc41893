internal import GRDB
internal import RepriseSystem

extension Ledger {
  /// Whether there is a ledger at a path, or jobs that wait to be taken into one; nothing is made.
  public static func exists(at path: String) -> Bool {
    FileKind(at: path) != .nothing || FileKind(at: path + ".rescued") != .nothing
  }

  /// What came of forgetting some jobs, each as it was on the disk.
  public struct Forgotten: Sendable {
    /// Gone, with what was kept beside the ledger for them.
    public var gone: [Job] = []
    /// Left, since something is still to be done about them.
    public var open: [Job] = []
    /// Left, since another process is at work on them.
    public var busy: [Job] = []
  }

  /// Takes jobs out of the ledger, and removes what was kept beside it for them; covers stay.
  ///
  /// Each is held while that is done, and looked at in the same transaction, so that a job which another process goes on
  /// with is not lost.
  /// - Parameters:
  ///   - names: whole names, as `Job.job`; names that are not there are passed over.
  ///   - isForced: whether open jobs are forgotten too.
  public func forget(_ names: [String], isForced: Bool) async throws(LedgerError) -> Forgotten {
    var result = Forgotten()
    for name in names {
      let isKnown = try await perform { try JobRow.fetchOne($0, key: name) != nil }
      guard isKnown else { continue }
      // A name in a database that somebody has changed must not lead to another folder.
      let isPlain = !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains(UInt8(ascii: "/"))
      let folder = JobFolder(of: name, ledger: path)
      // Only a job's owner needs its folder; where it can't be made nobody is at work in it.
      let claim = isPlain ? Result { try JobClaim.take(folder) } : .success(nil)
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
          if isPlain { folder.remove() }
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
