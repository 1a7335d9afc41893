import Synchronization

/// The state of a run's screen.
final class Screen: Sendable {
  /// The line at the bottom of the screen.
  struct Line {
    var text = ""
    var width = 0
  }

  /// Line drawn at present; empty if there is none.
  let line = Mutex(Line())

  /// `true` if the command continues, without output, after its stdout was closed, as its work is more than its output:
  /// files or jobs.
  let outlivesReader = Mutex(false)
}
