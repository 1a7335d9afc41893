internal import Synchronization

/// Counts steps of progress for a watchdog.
final class UploadProgress: Sendable {
  private let count = Atomic(0)
  /// Records a step of progress.
  func note() { count.wrappingAdd(1, ordering: .relaxed) }
  /// Number of steps.
  var steps: Int { count.load(ordering: .relaxed) }
}

/// Runs `work` and cancels it with a 408 once it has recorded no progress for `timeout`, or for up to twice as long.
func withIdleTimeout<Value: Sendable>(
  _ timeout: Duration, _ work: @escaping @Sendable (UploadProgress) async throws -> Value
) async throws -> Value {
  let progress = UploadProgress()
  return try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await work(progress) }
    group.addTask {
      var seen = -1
      while seen != progress.steps {
        seen = progress.steps
        try await Task.sleep(for: timeout)
      }
      throw HTTPError(408, "the body stopped coming for \(timeout)")
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let value = first else { throw CancellationError() }
    return value
  }
}
