internal import RepriseService
internal import Foundation

/// The generations of a running service.
actor GenerationStore {
  private var table: GenerationTable
  private let directory: WorkDirectory
  private let clock = ContinuousClock()
  private let onEvent: @Sendable (LocalServerEvent) -> Void
  private let wake: AsyncStream<Void>.Continuation
  /// Progress of the running generations.
  nonisolated let progress = ProgressBoard()
  /// Yields whenever a generation may begin; for one consumer.
  nonisolated let wakes: AsyncStream<Void>

  init(
    limits: GenerationTable.Limits, directory: WorkDirectory, onEvent: @escaping @Sendable (LocalServerEvent) -> Void
  ) {
    table = GenerationTable(limits: limits)
    self.directory = directory
    self.onEvent = onEvent
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Reserves a slot for a submission; `false` if there is none.
  func reserve() -> Bool { table.reserve() }

  /// Releases a reserved slot.
  func release() { table.release() }

  /// Turns a reserved slot into a waiting generation.
  ///
  /// - Parameters:
  ///   - submission: The submission.
  ///   - clientRequestID: The client's `X-Client-Request-Id`, or nil.
  /// - Returns: The record of the generation.
  func accept(_ submission: Submission, clientRequestID: String?) -> GenerationRecord {
    let record = GenerationRecord(
      id: GenerationID.make(model: submission.model), signature: GenerationID.token(21), submission: submission,
      created: .now, requestID: GenerationID.token(21), clientRequestID: clientRequestID)
    table.accept(record)
    onEvent(.generation(id: record.id, step: .queued))
    wake.yield()
    return record
  }

  /// Begins and returns the next generation, if one may run.
  func begin() -> GenerationRecord? {
    let record = table.begin()
    if let record { onEvent(.generation(id: record.id, step: .generating)) }
    return record
  }

  /// Records the end of a running generation and lets the next begin.
  func finish(_ id: String, _ state: GenerationRecord.State) {
    table.finish(id, state, at: clock.now)
    progress.remove(id)
    wake.yield()
  }

  /// Returns the generation, or nil if it is unknown or too old.
  func record(_ id: String) -> GenerationRecord? {
    expire()
    return table.record(id)
  }

  /// Returns all generations that are not forgotten, newest first.
  func log() -> [GenerationRecord] {
    expire()
    return table.newestFirst
  }

  /// Removes the results that are too old.
  func expire() {
    for record in table.expire(at: clock.now) {
      directory.remove(directory.result(record))
      onEvent(.generation(id: record.id, step: .expired))
    }
  }
}
