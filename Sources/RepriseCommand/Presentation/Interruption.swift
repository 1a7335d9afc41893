import Dispatch
import Foundation
import RepriseJobs
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Conversion of Ctrl-C, `kill` and a closed terminal into the cancellation of a task.
///
/// All running work cleans up after itself; a second Ctrl-C ends the process at once.
enum Interruption {
  /// `true` if the user pressed Ctrl-C, as opposed to a closed terminal or a shutdown.
  static var isByPerson: Bool { lastSignal.withLock { $0 == SIGINT } }

  private static let lastSignal = Mutex<Int32?>(nil)

  /// Runs `work`, and cancels it at the first signal if the context catches signals.
  ///
  /// - Parameter work: The closure to be run.
  /// - Throws: Any error thrown by `work`, or a `CommandError` with exit code 130 if a signal ended it early.
  static func guarding(_ work: @escaping @Sendable () async throws -> Void) async throws {
    guard CommandContext.current.catchesSignals else { return try await work() }
    let task = Task { try await work() }
    let received = Signals()
    let sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (any DispatchSourceSignal)? in
      // An empty handler instead of SIG_IGN, which would discard a pending signal.
      let before = signal(number) { _ in }
      // Under nohup a closed terminal is to have no effect.
      let wasIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if number == SIGHUP && wasIgnored {
        signal(number, SIG_IGN)
        return nil
      }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        // A closing terminal may send two hangups within milliseconds; only a user's second Ctrl-C ends the process at
        // once.
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
      throw CommandError(.interrupted, message(for: error))
    }
  }

  /// Returns the message after a signal, with the command that resumes the work where the error names one.
  ///
  /// Parts that are stopped at the same time fail in their own ways (a connection to the local service breaks); such
  /// errors are consequences and are not reported.
  private static func message(for error: any Error) -> String {
    if let (status, message) = ErrorPresentation.of(error) {
      if status == .interrupted { return message }
      // The state of a job matters, even if the local service was stopped before its client.
      if error is JobRunner.Interrupted { return "interrupted; \(message)" }
    }
    return "interrupted; nothing was left half-written"
  }
}

/// A memory of the first signal.
private final class Signals: Sendable {
  enum Turn { case first, again, sameMoment }

  private let first = Mutex<ContinuousClock.Instant?>(nil)

  var wereReceived: Bool { first.withLock { $0 != nil } }

  /// Returns the turn of a signal: the first one, one together with the first, or a later one.
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
