/// Concurrent work on many inputs, with results in the order of the inputs.
package enum InOrder {
  /// Number of results, per concurrent unit of work, that may be kept in memory ahead of the oldest unfinished input.
  private static let lead = 8

  /// Runs `work` for every input, `width` at a time, and passes each result to `finish` in the order of the inputs.
  ///
  /// - Parameters:
  ///   - inputs: The inputs.
  ///   - width: The number of inputs in work at a time.
  ///   - work: A closure that returns the result of an input.
  ///   - finish: A closure called with each result.
  /// - Throws: Any error thrown by `finish`, or `CancellationError`; running work is cancelled and awaited first.
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
          let (index, input) = (started, inputs[started])
          group.addTask { (index, await work(input)) }
          started += 1
          underWay += 1
        }
      }
      startMore()
      while let (index, result) = try await group.next() {
        // The result of work that was cancelled midway is meaningless.
        try Task.checkCancellation()
        underWay -= 1
        waiting[index] = result
        while let next = waiting.removeValue(forKey: finished) {
          try finish(next)
          finished += 1
        }
        startMore()
      }
    }
  }
}
