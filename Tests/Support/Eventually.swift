import Foundation

/// How many times longer than on an idle machine tests wait for what takes its time: `REPRISE_TEST_PATIENCE`, 1 unless set.
///
/// scripts/test sets it for sanitizers, under which everything takes ten times as long.
package let patience: Int = ProcessInfo.processInfo.environment["REPRISE_TEST_PATIENCE"].flatMap { Int($0) } ?? 1

/// What was waited for did not come.
package struct NotInTime: Error, CustomStringConvertible {
  /// What was said of it.
  package let what: String
  /// How long it was waited for.
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

/// The same on a thread of its own, for those that wait outside of tasks.
///
/// - Returns: whether the condition holds.
@discardableResult
package func eventuallyOnThread(within limit: Duration = .seconds(300), _ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + limit * patience
  while !condition() {
    guard ContinuousClock.now < end else { return false }
    Thread.sleep(forTimeInterval: 0.001)
  }
  return true
}
