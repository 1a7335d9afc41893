import Foundation
import RepriseSystem
import Testing

@Suite("Blocking work off the cooperative pool")
struct OffPoolTests {
  @Test("values and errors come back")
  func results() async throws {
    #expect(try await offPool("test") { _ in 42 } == 42)
    await #expect(throws: FileError(.diskFull, path: "x")) {
      try await offPool("test") { _ in throw FileError(.diskFull, path: "x") }
    }
  }

  @Test("more blocking calls than there are cores do not wait for each other")
  func blocking() async throws {
    let count = ProcessInfo.processInfo.activeProcessorCount * 4
    let barrier = DispatchSemaphore(value: 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask { try await offPool("test") { _ in barrier.wait() } }
      }
      // On the pool itself these would never all be waiting at once, and this task could not run to free them.
      group.addTask {
        try await offPool("test") { _ in
          for _ in 0..<count { barrier.signal() }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("cancelling the task reaches the work, and the call returns only after the work has")
  func cancellation() async throws {
    let started = DispatchSemaphore(value: 0)
    let task = Task {
      try await offPool("test") { cancellation in
        started.signal()
        while !cancellation.isCancelled { usleep(1000) }
        try cancellation.check()
      }
    }
    try await offPool("test") { _ in started.wait() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
