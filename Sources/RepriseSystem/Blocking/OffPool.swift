import Foundation
import Synchronization

/// A token that informs blocking work that its result is no longer needed.
///
/// Work that runs off the cooperative pool has no task of its own, so `Task.isCancelled` says nothing there: ask the
/// token.
package final class Cancellation: Sendable {
  private let flag = Atomic(false)

  /// A token that is not cancelled.
  package init() {}

  /// `true` if the work should stop.
  package var isCancelled: Bool { flag.load(ordering: .acquiring) }

  /// Asks the work to stop.
  package func cancel() { flag.store(true, ordering: .releasing) }

  /// Throws `CancellationError` once the work should stop.
  package func check() throws(CancellationError) {
    if isCancelled { throw CancellationError() }
  }
}

/// Runs blocking work on a thread of its own, so that the cooperative pool never waits for a disk, a socket or a codec.
///
/// The task's cancellation reaches `work` through its token; `work` must check the token at least every few hundred
/// milliseconds. Values registered with `CarriedValues` are bound on the thread as well. The call returns only when
/// `work` has returned, so that resources that `work` owns are released before the caller goes on.
package func offPool<Value: Sendable>(
  _ name: String, _ work: @escaping @Sendable (Cancellation) throws -> Value
) async throws -> Value {
  let cancellation = Cancellation()
  let values = CarriedValues.current
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread {
        continuation.resume(with: values.bind { Result { try work(cancellation) } })
      }
      thread.name = name
      // Codecs keep tables on the stack; secondary threads get only 512 KiB on macOS.
      thread.stackSize = 4 << 20
      thread.start()
    }
  } onCancel: {
    cancellation.cancel()
  }
}
