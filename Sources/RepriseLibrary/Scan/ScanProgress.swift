package import RepriseSystem
internal import Synchronization

/// The progress of a scan, for display.
package final class ScanProgress: Sendable {
  /// The progress at one moment.
  package struct Moment: Sendable {
    /// Number of files that were found.
    package var found = 0
    /// `true` if all files were found.
    package var isFoundAll = false
    /// Number of files that are done.
    package var done = 0
    /// Number of files of `done` that were in the cache.
    package var cached = 0
    /// The file that was examined last.
    package var current: RawPath?
    /// `true` while audio is being compared to find duplicates, which is the last stage.
    package var isComparing = false
    /// Number of files that are to be fingerprinted, once that stage has begun.
    package var toFingerprint: Int?
    /// Number of files that are fingerprinted.
    package var fingerprinted = 0
  }

  private let state = Mutex(Moment())

  /// Creates a progress of no files.
  package init() {}

  /// The current progress.
  package var now: Moment { state.withLock { $0 } }

  func update(_ body: (inout Moment) -> Void) { state.withLock { body(&$0) } }
}
