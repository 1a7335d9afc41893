public import RepriseSystem
public import RepriseVerification

/// A job that came to its end, or to where it was to stop.
public struct FinishedCover: Sendable {
  /// How a cover came to be where it is.
  public enum Origin: Sendable, Equatable {
    /// This run has made it.
    case thisRun
    /// An earlier run of the same orders has made it.
    case earlierRun
    /// It is another order's, of the same audio, brief and service; `wasDone` is `true` if that was at its end before.
    case existing(wasDone: Bool, Place)
  }

  /// Where another order's cover is.
  public enum Place: Sendable, Equatable {
    /// At this order's output.
    case output
    /// In this order's directory under another name, whose path is given as the order names its own.
    case beside(String)
    /// At this order's output, copied from this path.
    case copied(from: String)
  }

  /// The job, as it now is.
  public let job: Job
  /// What the check found; `nil` where the result was not waited for, or was checked by an earlier run.
  public let report: VerificationReport?
  /// How it came to be where it is.
  public let origin: Origin

  /// Creates the end of a job.
  package init(job: Job, report: VerificationReport?, origin: Origin = .thisRun) {
    self.job = job
    self.report = report
    self.origin = origin
  }

  /// The path of the cover as the order's own directory names it, where its name is another than the order's.
  package var nameBeside: String? {
    guard case .existing(_, .beside(let path)) = origin else { return nil }
    return path
  }

  /// The cover.
  public var file: FilePath { FilePath(job.output) }
}
