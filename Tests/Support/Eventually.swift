import Foundation

/// Factor by which tests wait longer for slow operations than on an idle machine: `REPRISE_TEST_PATIENCE`, 1 unless
/// set.
///
/// scripts/test sets it for sanitizers, under which everything takes ten times as long.
package let patience: Int = ProcessInfo.processInfo.environment["REPRISE_TEST_PATIENCE"].flatMap { Int($0) } ?? 1

/// The error for a condition that did not become true in time.
package struct NotInTime: Error, CustomStringConvertible {
  /// A description of the condition.
  package let what: String
  /// The time after which the wait was given up.
  package let limit: Duration

  /// A sentence.
  package var description: String { "after \(limit) \(what) did not hold" }
}

/// Waits until a condition holds, and looks every few milliseconds.
///
/// - Parameters:
///   - limit: how long at most, on an idle machine.
///   - what: the condition in words.
///   - condition: looks whether it holds.
/// - Throws: `NotInTime`, `CancellationError`, and what `condition` throws.
package func eventually(
  within limit: Duration = .seconds(300), _ what: String = "the condition", _ condition: () async throws -> Bool
) async throws {
  let limit = limit * patience
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else { throw NotInTime(what: what, limit: limit) }
    try await Task.sleep(for: .milliseconds(2))
  }
}

/// Waits for a condition on the calling thread, for callers outside of tasks.
///
/// - Returns: `true` if the condition holds.
@discardableResult
package func eventuallyOnThread(within limit: Duration = .seconds(300), _ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + limit * patience
  while !condition() {
    guard ContinuousClock.now < end else { return false }
    Thread.sleep(forTimeInterval: 0.001)
  }
  return true
}
