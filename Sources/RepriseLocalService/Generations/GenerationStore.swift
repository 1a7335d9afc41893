internal import RepriseService
internal import Foundation

/// The generations of a running service.
actor GenerationStore {
  private var table: GenerationTable
  private let folder: WorkFolder
  private let clock = ContinuousClock()
  private let onEvent: @Sendable (LocalServerEvent) -> Void
  private let wake: AsyncStream<Void>.Continuation
  /// How far the running generations are.
  nonisolated let progress = ProgressBoard()
  /// Yields whenever a generation may begin; for one listener.
  nonisolated let wakes: AsyncStream<Void>

  init(limits: GenerationTable.Limits, folder: WorkFolder, onEvent: @escaping @Sendable (LocalServerEvent) -> Void) {
    table = GenerationTable(limits: limits)
    self.folder = folder
    self.onEvent = onEvent
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Takes a place for a submission; `false` if all are taken.
  func reserve() -> Bool { table.reserve() }

  /// Gives a reserved place back.
  func release() { table.release() }

  /// Turns a reserved place into a waiting generation.
  ///
  /// - Parameter clientRequestID: what the client calls its request, if it said.
  func accept(_ submission: Submission, clientRequestID: String?) -> GenerationRecord {
    let record = GenerationRecord(
      id: GenerationID.make(model: submission.model), signature: GenerationID.token(21), submission: submission,
      created: .now, requestID: GenerationID.token(21), clientRequestID: clientRequestID)
    table.accept(record)
    onEvent(.generation(id: record.id, step: .queued))
    wake.yield()
    return record
  }

  /// The next generation to run, if one may.
  func begin() -> GenerationRecord? {
    let record = table.begin()
    if let record { onEvent(.generation(id: record.id, step: .generating)) }
    return record
  }

  /// Notes how a running generation ended and lets the next begin.
  func finish(_ id: String, _ state: GenerationRecord.State) {
    table.finish(id, state, at: clock.now)
    progress.remove(id)
    wake.yield()
  }

  /// The generation, unless it is unknown or too old.
  func record(_ id: String) -> GenerationRecord? {
    expire()
    return table.record(id)
  }

  /// All generations that are not forgotten, newest first.
  func log() -> [GenerationRecord] {
    expire()
    return table.newestFirst
  }

  /// Removes the results that are too old.
  func expire() {
    for record in table.expire(at: clock.now) {
      folder.remove(folder.result(record))
      onEvent(.generation(id: record.id, step: .expired))
    }
  }
}
