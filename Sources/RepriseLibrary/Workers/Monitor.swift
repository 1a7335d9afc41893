internal import Foundation

/// A value behind a lock, changes of which threads can wait for.
///
/// Unchecked, because the compiler does not see that `value` is only touched under the condition's lock.
package final class Monitor<Value>: @unchecked Sendable {
  private let condition = NSCondition()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  /// Changes the value and wakes those that wait for it.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return try body(&value)
  }

  /// Changes the value and wakes those that wait for it only if `body` says so: each that is woken costs two switches
  /// between threads, which for a small file is as much as looking at it.
  package func withLock<Result>(waking body: (inout Value) throws -> (Result, wakes: Bool)) rethrows -> Result {
    condition.lock()
    defer { condition.unlock() }
    let (result, wakes) = try body(&value)
    if wakes { condition.broadcast() }
    return result
  }

  /// Waits until `body` returns something.
  ///
  /// - Parameter check: called ten times a second, without the lock; throws to give up.
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
