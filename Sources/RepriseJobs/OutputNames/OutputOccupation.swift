internal import GRDB
internal import RepriseSystem

/// What is at a path to which a cover might go.
public enum OutputOccupation: Sendable, Equatable {
  /// Nothing, and nothing is to come there.
  case free
  /// The cover of the very same request, made or under way.
  case same
  /// Another cover, made or under way.
  case cover
  /// Something that no job has put there.
  case file

  /// What to do about a name that nobody has asked for.
  public enum Decision: Sendable, Equatable {
    /// The cover goes there, or is refused there before anything is bought.
    case use
    /// The next take's name is looked at.
    case next
  }

  /// Whether a cover takes this name, or the next take's.
  ///
  /// - Parameters:
  ///   - again: whether another cover is wanted even if the same was made before.
  ///   - mayReplace: whether files may be replaced.
  ///   - isFree: whether covers cost nothing. Where they do, a file that no job knows may be the very cover, whose job was
  ///     forgotten: it is never taken for another, which would be bought.
  public func decision(again: Bool, mayReplace: Bool, isFree: Bool) -> Decision {
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
  /// What is at a path, by what is known of jobs.
  ///
  /// - Parameters:
  ///   - output: an absolute path.
  ///   - request: `Job.request` of the cover that might go there.
  public func occupation(of output: String, by request: String) async throws(LedgerError) -> OutputOccupation {
    if let job = try await job(request: request),
      job.state.isOpen || (job.state == .verified && job.output == output && job.looksInPlace)
    {
      return .same
    }
    switch FileKind(at: output) {
    case .nothing: return try await hasOpenJob(output: output) ? .cover : .free
    case .folder, .special: return .file
    // A copy of a job's cover is a file too: whether it is this very cover shows once the audio is prepared.
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
