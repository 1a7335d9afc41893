import Synchronization

/// What a run has drawn, and whether it goes on where nobody reads.
final class Screen: Sendable {
  /// The line at the foot of the screen.
  struct Line {
    var text = ""
    var width = 0
  }

  /// The line that is drawn now; empty if none is.
  let line = Mutex(Line())

  /// Whether the command's work is more than what it prints: files, jobs. It goes on then where nobody reads, unheard.
  let outlivesReader = Mutex(false)
}
