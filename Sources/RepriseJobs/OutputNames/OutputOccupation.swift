internal import GRDB
internal import RepriseSystem

/// The occupation of a candidate path for a cover.
package enum OutputOccupation: Sendable, Equatable {
  /// No file exists there, and none is expected.
  case free
  /// The cover of the very same request, made or under way.
  case same
  /// Another cover, made or under way.
  case cover
  /// A file that no job has made.
  case file

  /// The decision about a name that the user has not given.
  package enum Decision: Sendable, Equatable {
    /// The cover uses the name, or is refused there before anything is bought.
    case use
    /// The name of the next take is tried.
    case next
  }

  /// Returns the decision between this name and the name of the next take.
  ///
  /// - Parameters:
  ///   - again: `true` if another cover is requested even if the same was made before.
  ///   - mayReplace: `true` if files may be replaced.
  ///   - isFree: `true` if covers cost nothing. If they cost something, a file unknown to any job may be the very
  ///     cover, whose job was forgotten: the file never leads to another take, which would be bought.
  /// - Returns: The decision.
  package func decision(again: Bool, mayReplace: Bool, isFree: Bool) -> Decision {
    switch self {
    case .free: .use
    case _ where mayReplace: .use
    case .same: again ? .next : .use
    case .cover: .next
    case .file: isFree || again ? .next : .use
    }
  }
}

extension Ledger {
  /// Returns the occupation of a path, as known from jobs.
  ///
  /// - Parameters:
  ///   - output: Absolute path.
  ///   - request: Value of `Job.request` for the cover that might use the path.
  /// - Returns: The occupation of the path.
  /// - Throws: `LedgerError`.
  package func occupation(of output: String, by request: String) async throws(LedgerError) -> OutputOccupation {
    if let job = try await job(request: request),
      job.state.isOpen || (job.state == .verified && job.output == output && job.outputSeemsPresent)
    {
      return .same
    }
    switch FileKind(at: output) {
    case .nothing: return try await hasOpenJob(output: output) ? .cover : .free
    case .directory, .special: return .file
    // A copy of a job's cover is a file too: a comparison with this very cover is possible once the audio is prepared.
    case .file: return try await knows(output: output) ? .cover : .file
    }
  }

  private func hasOpenJob(output: String) async throws(LedgerError) -> Bool {
    let states = Job.State.allCases.filter(\.isOpen).map(\.rawValue)
    return try await perform { database in
      try JobRow.filter(Column("output") == output).filter(states.contains(Column("state"))).fetchCount(database) > 0
    }
  }
}
