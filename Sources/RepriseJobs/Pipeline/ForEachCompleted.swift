/// Runs `work` for every input, `width` at a time, begun in the order of the inputs, and passes each result to `finish`
/// as soon as it is available.
///
/// A cancelled task begins nothing more and waits for the work under way, whose results are still passed on.
///
/// - Parameters:
///   - inputs: The inputs.
///   - width: Maximum number of inputs processed at once.
///   - work: The work for each input.
///   - finish: A function called with each result, one at a time.
/// - Throws: An error of `finish`, once the work under way has ended, or `CancellationError`.
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
