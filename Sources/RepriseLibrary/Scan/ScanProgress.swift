public import RepriseSystem
internal import Synchronization

/// How far a scan is, for whoever shows it.
public final class ScanProgress: Sendable {
  /// A moment of it.
  public struct Moment: Sendable {
    /// Files that were found.
    public var found = 0
    /// Whether all were.
    public var isFoundAll = false
    /// Files that are done.
    public var done = 0
    /// Of these, files that the cache knew.
    public var cached = 0
    /// The file that was looked at last.
    public var current: RawPath?
    /// Whether audio is being compared to find duplicates: the last thing.
    public var isComparing = false
    /// How many files are to be fingerprinted, once that has begun.
    public var toFingerprint: Int?
    /// Of these, files that are done.
    public var fingerprinted = 0
  }

  private let state = Mutex(Moment())

  /// Nothing yet.
  public init() {}

  /// How far it is now.
  public var now: Moment { state.withLock { $0 } }

  func update(_ body: (inout Moment) -> Void) { state.withLock { body(&$0) } }
}
