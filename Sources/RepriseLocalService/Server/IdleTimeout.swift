internal import Synchronization

/// Notes that something happened, for a watchdog.
final class UploadProgress: Sendable {
  private let count = Atomic(0)
  /// Says that there was progress.
  func note() { count.wrappingAdd(1, ordering: .relaxed) }
  /// How often there was.
  var steps: Int { count.load(ordering: .relaxed) }
}

/// Runs `work` and gives it up with a 408 once it has noted no progress for `timeout`, or for up to twice as long.
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
