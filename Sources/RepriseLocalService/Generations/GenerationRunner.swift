internal import RepriseService
internal import Foundation
internal import RepriseSystem

/// The generation in whose context a maker runs.
enum GenerationContext {
  /// The `X-Client-Request-Id` of the client's submission, or nil.
  @TaskLocal static var clientRequestID: String?
}

/// Runs waiting generations to their end.
struct GenerationRunner: Sendable {
  let store: GenerationStore
  let directory: WorkDirectory
  let configuration: LocalServerConfiguration
  let maker: any CoverMaker
  let inspector: any ReferenceInspecting
  let fetcher: any ReferenceFetcher

  /// Runs generations as they arrive, until the task is cancelled; returns after the last one has stopped.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await _ in store.wakes {
        while let record = await store.begin() {
          group.addTask { await carry(record) }
        }
      }
    }
  }

  private func carry(_ record: GenerationRecord) async {
    let clock = ContinuousClock()
    let start = clock.now
    let reference: String
    switch record.submission.reference {
    case .file(let path, _): reference = path
    case .link: reference = directory.newReference()
    }
    let output = directory.result(record)
    do {
      if case .link(let url) = record.submission.reference { try await fetch(url, to: reference) }
      let onEvent = configuration.onEvent
      let board = store.progress
      try await GenerationContext.$clientRequestID.withValue(record.clientRequestID) {
        try await maker.makeCover(
          reference: reference, prompt: record.submission.prompt, lyrics: record.submission.lyrics,
          setting: record.submission.setting, output: output,
          progress: {
            board.note($0, of: record.id)
            onEvent(.generation(id: record.id, step: .progress($0)))
          })
      }
      let bytes = try DownloadFile(path: output).byteCount
      guard bytes > 0 else { throw CoverFailure(name: "GenerationError", message: "the cover came out empty") }
      directory.remove(reference)
      await store.finish(record.id, .completed(bytes: bytes))
      let seconds = start.duration(to: clock.now) / .seconds(1)
      onEvent(.generation(id: record.id, step: .completed(bytes: bytes, seconds: seconds)))
    } catch {
      directory.remove(output)
      let failure = failure(for: error, reference: reference, output: output)
      directory.remove(reference)
      await store.finish(record.id, .failed(failure))
      configuration.onEvent(
        .generation(id: record.id, step: .failed(name: failure.name, message: failure.message)))
    }
  }

  private func fetch(_ url: String, to path: String) async throws {
    do {
      try await fetcher.fetch(
        url, to: path, maximumBytes: configuration.maximumReferenceBytes, timeout: configuration.fetchTimeout)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw CoverFailure(name: "ReferenceError", message: "the reference could not be fetched: \(error)")
    }
    let problems = await inspector.problems(of: path)
    guard problems.isEmpty else {
      throw CoverFailure(
        name: "ReferenceError", message: problems.map { "reference_audio_url: \($0)" }.joined(separator: "; "))
    }
  }

  /// Returns the failure to report for an error, without the service's own paths.
  private func failure(for error: any Error, reference: String, output: String) -> CoverFailure {
    if error is CancellationError {
      return CoverFailure(name: "ServiceStopped", message: "the service was stopped before the cover was done")
    }
    let known = error as? CoverFailure
    let message = (known?.message ?? "\(error)")
      .replacingOccurrences(of: reference, with: "the reference")
      .replacingOccurrences(of: output, with: "the result")
      .replacingOccurrences(of: directory.path, with: "the service's directory")
    return CoverFailure(name: known?.name ?? "GenerationError", message: message)
  }
}
