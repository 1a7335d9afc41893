/// Work on many inputs at once whose results come in the order of the inputs.
package enum InOrder {
  /// How far work may run ahead of the oldest input that is not done, for each one at work: what waits is kept in memory.
  private static let lead = 8

  /// Runs `work` for every input, `width` at a time, and hands each result to `finish` in the order of the inputs.
  ///
  /// - Throws: what `finish` throws, or `CancellationError`; work that is under way is cancelled and waited for first.
  package static func each<Input: Sendable, Result: Sendable>(
    of inputs: [Input], width: Int, work: @escaping @Sendable (Input) async -> Result,
    then finish: (Result) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var started = 0
      var finished = 0
      var underWay = 0
      var waiting: [Int: Result] = [:]
      func startMore() {
        while started < inputs.count, underWay < width, started - finished < width * lead {
          let (place, input) = (started, inputs[started])
          group.addTask { (place, await work(input)) }
          started += 1
          underWay += 1
        }
      }
      startMore()
      while let (place, result) = try await group.next() {
        // A result of work that was cancelled half-way says nothing.
        try Task.checkCancellation()
        underWay -= 1
        waiting[place] = result
        while let next = waiting.removeValue(forKey: finished) {
          try finish(next)
          finished += 1
        }
        startMore()
      }
    }
  }
}
