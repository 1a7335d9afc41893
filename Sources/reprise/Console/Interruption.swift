import Dispatch
import Foundation
import Jobs
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns Ctrl-C, `kill` and a closed terminal into the cancellation of a task, so that everything under way cleans up
/// after itself; a second Ctrl-C ends the process at once.
enum Interruption {
  /// Runs `work`, cancelling it at the first signal.
  ///
  /// - Throws: what `work` throws, or a `Trouble` with 130 where a signal ended it early.
  static func guarding(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let task = Task { try await work() }
    let received = SignalCount()
    let sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (any DispatchSourceSignal)? in
      let before = signal(number, SIG_IGN)
      // Under nohup a closed terminal is to change nothing.
      let wasIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if number == SIGHUP && wasIgnored { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if received.increment() > 1 { _exit(ExitStatus.interrupted.rawValue) }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    do {
      try await task.value
    } catch  where received.value > 0 {
      throw Trouble(.interrupted, words(for: error))
    }
  }

  /// What to say after a signal: how to go on, where the error knows it.
  ///
  /// Parts that are torn down at the same time fail in their own ways (a connection to our own service breaks); those
  /// are consequences, not news.
  private static func words(for error: any Error) -> String {
    if let (status, words) = Words.of(error), status == .interrupted || error is CoverRun.Interrupted { return words }
    return "interrupted; nothing was left half-written"
  }
}

/// Counts signals across threads.
private final class SignalCount: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  func increment() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}
