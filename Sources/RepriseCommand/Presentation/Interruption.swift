import Dispatch
import Foundation
import RepriseJobs
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns Ctrl-C, `kill` and a closed terminal into the cancellation of a task, so that everything under way cleans up
/// after itself; a second Ctrl-C ends the process at once.
enum Interruption {
  /// Whether a person has pressed Ctrl-C, rather than a terminal or a machine gone away.
  static var isByPerson: Bool { lastSignal.withLock { $0 == SIGINT } }

  private static let lastSignal = Mutex<Int32?>(nil)

  /// Runs `work`, cancelling it at the first signal where the context has signals end it.
  ///
  /// - Throws: what `work` throws, or a `CommandError` with 130 where a signal ended it early.
  static func guarding(_ work: @escaping @Sendable () async throws -> Void) async throws {
    guard CommandContext.current.catchesSignals else { return try await work() }
    let task = Task { try await work() }
    let received = Signals()
    let sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (any DispatchSourceSignal)? in
      // A handler that does nothing, and not SIG_IGN, which would discard a signal that is already waiting.
      let before = signal(number) { _ in }
      // Under nohup a closed terminal is to change nothing.
      let wasIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if number == SIGHUP && wasIgnored {
        signal(number, SIG_IGN)
        return nil
      }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        // A closing terminal may hang up twice within milliseconds; only a person's second Ctrl-C means "now".
        if received.count() == .again && number == SIGINT { _exit(ExitStatus.interrupted.rawValue) }
        lastSignal.withLock { $0 = $0 ?? number }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    do {
      try await task.value
    } catch  where received.wereReceived {
      throw CommandError(.interrupted, words(for: error))
    }
  }

  /// What to say after a signal: how to go on, where the error knows it.
  ///
  /// Parts that are torn down at the same time fail in their own ways (a connection to our own service breaks); those
  /// are consequences, not news.
  private static func words(for error: any Error) -> String {
    if let (status, words) = ErrorPresentation.of(error) {
      if status == .interrupted { return words }
      // What became of a job matters, even where our own service was torn down before its client.
      if error is JobRunner.Interrupted { return "interrupted; \(words)" }
    }
    return "interrupted; nothing was left half-written"
  }
}

/// Remembers the first signal.
private final class Signals: Sendable {
  enum Turn { case first, again, sameMoment }

  private let first = Mutex<ContinuousClock.Instant?>(nil)

  var wereReceived: Bool { first.withLock { $0 != nil } }

  /// Whether a signal that has just come is the first, one that came along with it, or a later one.
  func count() -> Turn {
    first.withLock { first in
      let now = ContinuousClock.now
      guard let before = first else {
        first = now
        return .first
      }
      return before.duration(to: now) < .milliseconds(500) ? .sameMoment : .again
    }
  }
}
