package import RepriseSystem
internal import Synchronization

/// How far a scan is, for whoever shows it.
package final class ScanProgress: Sendable {
  /// A moment of it.
  package struct Moment: Sendable {
    /// Files that were found.
    package var found = 0
    /// Whether all were.
    package var isFoundAll = false
    /// Files that are done.
    package var done = 0
    /// Of these, files that the cache knew.
    package var cached = 0
    /// The file that was looked at last.
    package var current: RawPath?
    /// Whether audio is being compared to find duplicates: the last thing.
    package var isComparing = false
    /// How many files are to be fingerprinted, once that has begun.
    package var toFingerprint: Int?
    /// Of these, files that are done.
    package var fingerprinted = 0
  }

  private let state = Mutex(Moment())

  /// Nothing yet.
  package init() {}

  /// How far it is now.
  package var now: Moment { state.withLock { $0 } }

  func update(_ body: (inout Moment) -> Void) { state.withLock { body(&$0) } }
}
