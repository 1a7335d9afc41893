import Foundation
import RepriseLibrary
import SystemPackage
import Testing

/// Gives up at once: what should not wait does not.
private struct Waited: Error {}

@Suite("A monitor")
struct MonitorTests {
  @Test("a thread that waits gets the value that another one sets", .timeLimit(.minutes(1)))
  func waits() async throws {
    let monitor = Monitor<[Int]>([])
    async let found = inThread { try monitor.wait(check: {}) { $0.count == 3 ? $0 : nil } }
    for number in 1...3 { monitor.withLock { $0.append(number) } }
    #expect(try await found == [1, 2, 3])
  }

  @Test("a thread that waits sees a change that wakes nobody, at its next look", .timeLimit(.minutes(1)))
  func quietChange() async throws {
    let monitor = Monitor(0)
    let began = Monitor(false)
    async let found = inThread {
      try monitor.wait(check: {}) { value in
        began.withLock { $0 = true }
        return value > 0 ? value : nil
      }
    }
    try await inThread { try began.wait(check: {}) { $0 ? () : nil } }
    monitor.withLock { value in
      value = 7
      return ((), wakes: false)
    }
    #expect(try await found == 7)
  }

  @Test("a thread that waits gives up once its check throws", .timeLimit(.minutes(1)))
  func givesUp() async throws {
    let monitor = Monitor(0)
    await #expect(throws: Waited.self) {
      try await inThread { try monitor.wait(check: { throw Waited() }) { $0 > 0 ? $0 : nil } }
    }
  }
}

@Suite("A work queue")
struct WorkQueueTests {
  @Test("elements come out in the order in which they went in, and a closed queue ends")
  func order() throws {
    let queue = WorkQueue<Int>(capacity: 1000)
    for number in 0..<300 { try queue.add(number) { throw Waited() } }
    queue.close()
    var taken: [Int] = []
    while let number = try queue.take(check: { throw Waited() }) { taken.append(number) }
    #expect(taken == Array(0..<300))
    #expect(queue.take() == nil)
    #expect(try queue.take(check: { throw Waited() }) == nil)
  }

  @Test("a full queue takes no more until some of it is taken", .timeLimit(.minutes(1)))
  func bounded() async throws {
    let queue = WorkQueue<Int>(capacity: 8)
    for number in 0..<8 { try queue.add(number) { throw Waited() } }
    #expect(throws: Waited.self) { try queue.add(8) { throw Waited() } }
    for _ in 0..<3 { _ = queue.take() }
    // Five of eight: still more than half.
    #expect(queue.take() == 3)
    try queue.add(8) { throw Waited() }
    let more = Task { try await inThread { for number in 9..<40 { try queue.add(number) {} } } }
    var taken: [Int] = []
    while taken.last != 39 { if let number = try queue.take(check: {}) { taken.append(number) } }
    try await more.value
    #expect(taken == Array(4..<40))
  }

  @Test("what several threads add and take is taken once each", .timeLimit(.minutes(1)))
  func threads() async throws {
    let queue = WorkQueue<Int>(capacity: 5)
    let taken = Monitor<[Int]>([])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          try await inThread {
            while let number = try queue.take(check: {}) { taken.withLock { $0.append(number) } }
          }
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { adding in
        for base in 0..<4 {
          adding.addTask { try await inThread { for number in 0..<250 { try queue.add(base * 250 + number) {} } } }
        }
        try await adding.waitForAll()
      }
      queue.close()
      try await group.waitForAll()
    }
    #expect(taken.withLock { $0.sorted() } == Array(0..<1000))
  }
}

@Suite("A reorder buffer")
struct ReorderBufferTests {
  /// Numbers as eight bytes each.
  private func buffer(inMemory: Int, ahead: Int = 10_000, directory: String = "/tmp") -> ReorderBuffer<Int> {
    ReorderBuffer(
      overflow: .init(
        directory: directory, encode: { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } },
        decode: { bytes in
          bytes.count == 8 ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : nil
        }),
      limits: .init(inMemory: inMemory, ahead: ahead, waking: 1))
  }

  private func all(of buffer: ReorderBuffer<Int>) throws -> [Int] {
    var taken: [Int] = []
    while let numbers = try buffer.take(check: { throw Waited() }) { taken += numbers }
    return taken
  }

  @Test("elements come out in order, in whatever order they come in", arguments: [0, 3, 64, 2000])
  func order(inMemory: Int) throws {
    let buffer = buffer(inMemory: inMemory)
    // 701 and 1,000 have no factor in common.
    for step in 0..<1000 {
      let position = step * 701 % 1000
      try buffer.put(position * 3, at: position)
    }
    buffer.end(after: 1000)
    #expect((buffer.countInFile > 0) == (inMemory < 1000))
    #expect(try all(of: buffer) == (0..<1000).map { $0 * 3 })
    #expect(buffer.countInFile == 0)
  }

  @Test("what is written to the file again after all was read is read right")
  func reused() throws {
    let buffer = buffer(inMemory: 0)
    var taken: [Int] = []
    for round in 0..<5 {
      let first = round * 100
      for position in (first..<first + 100).reversed() { try buffer.put(position, at: position) }
      while taken.count < first + 100 { taken += try #require(try buffer.take { throw Waited() }) }
    }
    #expect(taken == Array(0..<500))
  }

  @Test("where no file can be made, the error says where and why")
  func noFile() throws {
    let buffer = buffer(inMemory: 0, directory: "/nowhere/at/all")
    try buffer.put(0, at: 0)
    let error = #expect(throws: ScanError.self) { try buffer.put(2, at: 2) }
    #expect(error?.code == .noRoom && error?.path == "/nowhere/at/all")
  }

  @Test("whoever is too far ahead waits until others are taken", .timeLimit(.minutes(1)))
  func ahead() async throws {
    let buffer = buffer(inMemory: 100, ahead: 4)
    for position in 0..<4 {
      try buffer.awaitRoom(for: position) { throw Waited() }
      try buffer.put(position, at: position)
    }
    #expect(throws: Waited.self) { try buffer.awaitRoom(for: 4) { throw Waited() } }
    let waiting = Task { try await inThread { try buffer.awaitRoom(for: 7) {} } }
    #expect(try buffer.take { throw Waited() } == [0, 1, 2, 3])
    try await waiting.value
  }

  @Test("a waiter for the next element learns that none comes")
  func failure() throws {
    let buffer = buffer(inMemory: 10)
    try buffer.put(1, at: 1)
    #expect(throws: Waited.self) { try buffer.take { throw Waited() } }
    buffer.fail(CocoaError(.featureUnsupported))
    #expect(throws: CocoaError.self) { try buffer.take { throw Waited() } }
  }

  @Test("after the last element comes the end, and of nothing at once")
  func end() throws {
    let buffer = buffer(inMemory: 10)
    buffer.end(after: 0)
    #expect(try buffer.take { throw Waited() } == nil)
  }
}

/// Runs what blocks on a thread of its own.
private func inThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result { try work() }) }.start()
  }
}
