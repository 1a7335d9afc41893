internal import Foundation

/// A value behind a lock, on changes of which threads can wait.
///
/// Unchecked, because the compiler does not see that `value` is only touched under the condition's lock.
package final class Monitor<Value>: @unchecked Sendable {
  private let condition = NSCondition()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  /// Changes the value and wakes the threads that wait for a change.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return try body(&value)
  }

  /// Changes the value and wakes the waiting threads only if `body` returns `wakes`: each wake-up costs two switches
  /// between threads, which for a small file is as much as examining it.
  package func withLock<Result>(waking body: (inout Value) throws -> (Result, wakes: Bool)) rethrows -> Result {
    condition.lock()
    defer { condition.unlock() }
    let (result, wakes) = try body(&value)
    if wakes { condition.broadcast() }
    return result
  }

  /// Waits until `body` returns a value.
  ///
  /// - Parameters:
  ///   - check: A closure that is called ten times a second, without the lock, and throws to stop.
  ///   - body: A closure that is called under the lock after each change; `nil` to wait on.
  /// - Returns: The value that `body` returned.
  /// - Throws: The errors that the closures throw.
  package func wait<Result>(check: () throws -> Void, _ body: (inout Value) throws -> Result?) throws -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while true {
      if let result = try body(&value) { return result }
      if !condition.wait(until: Date(timeIntervalSinceNow: 0.1)) {
        condition.unlock()
        defer { condition.lock() }
        try check()
      }
    }
  }
}
