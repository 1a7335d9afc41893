import RepriseCommand
import Synchronization
import Testing

@Suite("Work side by side, reported in order")
struct InOrderTests {
  @Test("results come in the order of the inputs, whichever is done first")
  func order() async throws {
    let (lastIsDone, last) = AsyncStream<Void>.makeStream()
    let ended = Mutex<[Int]>([])
    var reported: [Int] = []
    try await InOrder.each(of: Array(0..<4), width: 4) { input in
      // The first waits for the last.
      if input == 0 { for await _ in lastIsDone { break } }
      ended.withLock { $0.append(input) }
      if input == 3 { last.yield() }
      return input * 10
    } then: {
      reported.append($0)
    }
    #expect(reported == [0, 10, 20, 30])
    #expect(ended.withLock { $0 }.last == 0)
  }

  @Test("no more than so many are under way at once", arguments: [1, 3])
  func width(width: Int) async throws {
    let running = Mutex((now: 0, most: 0))
    var reported: [Int] = []
    try await InOrder.each(of: Array(0..<20), width: width) { input in
      running.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      await Task.yield()
      running.withLock { $0.now -= 1 }
      return input
    } then: {
      reported.append($0)
    }
    #expect(reported == Array(0..<20))
    #expect((1...width).contains(running.withLock { $0.most }))
  }

  @Test("an error of whoever is reported ends the rest")
  func failing() async {
    struct Full: Error {}
    await #expect(throws: Full.self) {
      try await InOrder.each(of: Array(0..<4), width: 2) {
        $0
      } then: {
        if $0 == 1 { throw Full() }
      }
    }
  }
}
