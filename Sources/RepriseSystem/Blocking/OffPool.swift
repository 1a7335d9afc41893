import Foundation
import Synchronization

/// Tells blocking work that nobody waits for it any longer.
///
/// Work that runs off the cooperative pool has no task of its own, so `Task.isCancelled` says nothing there: ask this.
public final class Cancellation: Sendable {
  private let flag = Atomic(false)

  /// A token that is not cancelled.
  public init() {}

  /// Whether the work should stop.
  public var isCancelled: Bool { flag.load(ordering: .acquiring) }

  /// Asks the work to stop.
  public func cancel() { flag.store(true, ordering: .releasing) }

  /// Throws `CancellationError` once the work should stop.
  public func check() throws(CancellationError) {
    if isCancelled { throw CancellationError() }
  }
}

/// Runs blocking work on a thread of its own, so that the cooperative pool never waits for a disk, a socket or a codec.
///
/// The task's cancellation reaches `work` through its token; `work` must look at it at least every few hundred
/// milliseconds. What `CarriedValues` knows of goes along. The call returns only when `work` has, so that what `work` owns is released before the caller goes on.
public func offPool<Value: Sendable>(
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
