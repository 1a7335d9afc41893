/// A stretch of a recording that its result leaves out, other than what lies outside of the chosen part.
package struct LostStretch: Sendable, Equatable {
  /// A reason to leave out a stretch.
  package enum Cause: Sendable, Equatable {
    /// Silence that is longer than requested.
    case silence
    /// Damage, or audio that is missing; the length of the silence in its place, in seconds.
    case damage(filled: Double)
  }

  /// Start in the recording, in seconds.
  package let start: Double
  /// End in the recording, in seconds.
  package let end: Double
  /// Reason.
  package let cause: Cause

  package init(start: Double, end: Double, cause: Cause) {
    self.start = start
    self.end = end
    self.cause = cause
  }
}
