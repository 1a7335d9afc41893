/// Work on many inputs at once, each result handed on as soon as it is there.
enum AsTheyEnd {
  /// Runs `work` for every input, `width` at a time, begun in the order of the inputs, and hands each result to `finish`.
  ///
  /// A cancelled task begins nothing more and waits for what is under way, whose results are still handed on.
  /// - Throws: what `finish` throws, once what is under way has ended, or `CancellationError`.
  static func each<Input: Sendable, Result: Sendable>(
    of inputs: [Input], width: Int, work: @escaping @Sendable (Input) async -> Result,
    then finish: (Input, Result) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var started = 0
      func startOne() {
        guard started < inputs.count, !Task.isCancelled else { return }
        let (place, input) = (started, inputs[started])
        group.addTask { (place, await work(input)) }
        started += 1
      }
      for _ in 0..<max(width, 1) { startOne() }
      while let (place, result) = try await group.next() {
        try finish(inputs[place], result)
        startOne()
      }
    }
    try Task.checkCancellation()
  }
}
