/// Runs `work` for every input, `width` at a time, begun in the order of the inputs, and hands each result to `finish` as soon
/// as it is there.
///
/// A cancelled task begins nothing more and waits for what is under way, whose results are still handed on.
/// - Parameters:
///   - inputs: What there is to work on.
///   - width: How many are worked on at once.
///   - work: What is done for each.
///   - finish: Given each result, one at a time.
/// - Throws: What `finish` throws, once what is under way has ended, or `CancellationError`.
func forEachCompleted<Input: Sendable, Result: Sendable>(
  of inputs: [Input], width: Int, work: @escaping @Sendable (Input) async -> Result,
  then finish: (Input, Result) throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var started = 0
    func startOne() {
      guard started < inputs.count, !Task.isCancelled else { return }
      let (index, input) = (started, inputs[started])
      group.addTask { (index, await work(input)) }
      started += 1
    }
    for _ in 0..<max(width, 1) { startOne() }
    while let (index, result) = try await group.next() {
      try finish(inputs[index], result)
      startOne()
    }
  }
  try Task.checkCancellation()
}
