public import RepriseSystem
public import RepriseVerification

/// A job that was run to its end, or to the requested step.
public struct FinishedCover: Sendable {
  /// The origin of a cover.
  package enum Origin: Sendable, Equatable {
    /// This run has made the cover.
    case thisRun
    /// An earlier run of the same orders has made the cover.
    case earlierRun
    /// The cover is another order's, of the same audio, brief and service; `wasDone` is `true` if that order was
    /// finished before.
    case existing(wasDone: Bool, Location)
  }

  /// The location of another order's cover.
  package enum Location: Sendable, Equatable {
    /// At this order's output.
    case output
    /// In the directory of this order's output under another name, with its path in the form of the order's own output.
    case beside(String)
    /// At this order's output, copied from this path.
    case copied(from: String)
  }

  /// The job in its current state.
  public let job: Job
  /// The report of the check; `nil` if the result was not waited for, or was checked by an earlier run.
  public let report: VerificationReport?
  /// The origin of the cover.
  package let origin: Origin

  /// Creates a finished cover.
  package init(job: Job, report: VerificationReport?, origin: Origin = .thisRun) {
    self.job = job
    self.report = report
    self.origin = origin
  }

  /// Path of the cover in the form of the order's own output, if its name is not the order's.
  package var nameBeside: String? {
    guard case .existing(_, .beside(let path)) = origin else { return nil }
    return path
  }

  /// Path of the cover.
  public var file: FilePath { FilePath(job.output) }
}
